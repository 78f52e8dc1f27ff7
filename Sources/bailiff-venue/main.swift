// The reference venue as a program: `bailiff venue` executes it.
import Glibc
import KeeperCommands

exit(VenueProgram.run(Array(CommandLine.arguments.dropFirst())).rawValue)
