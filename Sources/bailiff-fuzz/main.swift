// Throws mutated bytes at everything that reads bytes from outside. Built by `make fuzz` alone.
//
//     bailiff-fuzz --all SECONDS FOLDER     every target for so long, and the canary
//     bailiff-fuzz TARGET FILE              one input again
//     bailiff-fuzz TARGET FLAG... FOLDER    one target with libFuzzer's own flags
import CFuzzer
import Glibc

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "--all", let seconds = Int(arguments[2]), seconds > 0 {
    exit(FuzzRun(seconds: seconds, folder: arguments[3]).run() ? 0 : 1)
}
guard arguments.count > 2, ChosenTarget.target != nil else {
    print("usage: bailiff-fuzz --all SECONDS FOLDER | TARGET FLAG-OR-FILE...")
    for target in fuzzTargets { print("  \(target.name): \(target.memberNames)") }
    exit(64)
}
// What libFuzzer takes for the program's name is the target's.
var count = CommandLine.argc - 1
var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
exit(
    LLVMFuzzerRunDriver(&count, &rest) { bytes, count in
        ChosenTarget.target?.tryInput([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
        return 0
    })
