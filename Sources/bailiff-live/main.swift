// The program that can sign and send. People type `bailiff`; it executes this one.
import Glibc
import KeeperCommands
import KeeperLive
import KeeperRuntime

let code = LiveProgram.run(
    Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.all())
exit(code.rawValue)
