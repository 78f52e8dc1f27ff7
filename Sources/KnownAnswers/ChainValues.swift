import KeeperCodec
import WideMath

// How bytes, addresses and words of a chain are written in vectors.

extension JSONReader {
    func address() throws(JSONReadError) -> EthereumAddress {
        do {
            return try EthereumAddress(try string)
        } catch let error as JSONReadError {
            throw error
        } catch {
            throw refused("an address")
        }
    }
}

extension JSONValue {
    static func hex(_ bytes: [UInt8]) -> JSONValue { .string("0x" + Hex.encode(bytes)) }
}
