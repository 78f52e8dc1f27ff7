// The house tool: everything that checks the house and is no part of what it ships.

import Foundation

exit(runCommand(Array(CommandLine.arguments.dropFirst())).rawValue)
