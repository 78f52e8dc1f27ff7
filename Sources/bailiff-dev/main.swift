// The house tool: what builders of Bailiff run, and nobody else.
import Glibc

exit(runCommand(Array(CommandLine.arguments.dropFirst())).rawValue)
