import KeeperCodec

/// The configuration that `init` writes: whole, cautious, and dry until somebody says otherwise.
package struct ConfigTemplate: Sendable {
    package var venueURL = "http://127.0.0.1:8545"
    package var domain = "venue"
    package var stateFolder = "state"

    package init() {}

    var value: JSONValue? {
        // A test holds that the text is read without a problem.
        try? JSONValue.parse(Array(text.utf8), limits: .configuration, dialect: .withComments)
    }

    package var text: String {
        """
        // What the keeper may do, with what and where. Amounts carry units; secrets are files.
        // The environment replaces any value: BAILIFF__VENUE__URL, BAILIFF__STATE ...
        {
            "configVersion": 1,
            "state": \(quoted(stateFolder)),
            "unitOfAccount": {"asset": "USD", "decimals": 6},
            "venue": {"domain": \(quoted(domain)), "url": \(quoted(venueURL))},
            "strategies": {
                "folder": "strategies",
                // Of all plans the one that earns most is taken; among equals the first.
                "use": ["full-close", "partial-restore", "flash-optimal"],
            },
            "limits": {
                "notionalPerClose": "250000 USD",
                "notionalOpen": "1000000 USD",
                "openIntents": 40,
                "closesPerHour": 2000,
                "lossPerHour": "500 USD",
                "lossPerDay": "2000 USD",
                "gasPerDay": "2000 USD", "failuresPerHour": 200, "unknownOpen": 20,
                "plausibleProfit": "20%",
            },
            "guards": {"priceAge": "10 s", "jump": "20%"},
            "dryRun": {"wallet": "60000 USD", "latency": "150 ms"},
            // What an intent outlives before bytes leave for it: "process", or the "power" too.
            "journal": {"durability": "power"},
            // How long and in how much room decisions are kept, the oldest go first.
            "decisions": {"keep": "90 d", "disk": "512 MiB"},
            "live": {"enabled": false, "keyId": "keeper-1", "key": {"file": "keeper.key"}},
        }

        """
    }

    private func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(decoding: json.finish(), as: UTF8.self)
    }
}
