// The command line. It watches, decides, replays and reports; what signs or writes is another
// program, which it executes.
import Glibc
import KeeperCommands
import KeeperRuntime

StandardStream.holdDescriptors()
let code = BailiffProgram.run(
    Array(CommandLine.arguments.dropFirst()), environment: ProcessEnvironment.all())
exit(StandardStream.code(endingWith: code).rawValue)
