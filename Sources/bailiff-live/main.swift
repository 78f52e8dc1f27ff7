// The program that can sign and send. People type `bailiff`; it executes this one.
import Glibc
import KeeperCommands
import KeeperLive
import KeeperRuntime

StandardStream.holdDescriptors()
let code = LiveProgram.run(
    Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.all())
exit(StandardStream.code(endingWith: code).rawValue)
