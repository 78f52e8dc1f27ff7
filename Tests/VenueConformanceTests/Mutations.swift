// The mutated venues: at least one for each check of the suite.

import HTTPServing
import KeeperCodec

extension Mutation {
    static let all = form + streams + states + offers + access + closes + books

    private static let form = [
        Mutation("capabilities", "two channels have one path") { reply in
            reply.body.edit("channels") { $0.repeatFirst() }
        },
        Mutation("stamps", "the height falls") { reply in
            guard reply.path == "/v1/fund" else { return }
            reply.body.set("height", "1")
        },
        Mutation("problems", "an error comes with status 200") { reply in
            if reply.status == 404 { reply.status = 200 }
        },
        Mutation("problems", "a problem advises with a word of its own") { reply in
            guard reply.status == 404 else { return }
            reply.body.edit("retry") { $0 = .string("perhaps") }
        },
        Mutation("methods", "nobody says what is allowed") { reply in
            reply.headers.removeAll { $0.name == "allow" }
        },
        Mutation("questions", "a malformed question is answered") { reply in
            guard reply.path == "/v1/prices", reply.status == 400 else { return }
            reply.status = 200
        },
    ]

    private static let streams = [
        Mutation("snapshot-hash", "an account was altered after it was hashed") { reply in
            reply.body.edit("accounts") { $0.dropFirstElement() }
        },
        Mutation("snapshot-root", "the totals say less than the accounts") { reply in
            reply.body.edit("proof") { proof in
                proof.edit("root") { root in root.edit("totals") { $0 = .array([]) } }
            }
        },
        Mutation("snapshot-pages", "the pages of a snapshot are of several moments") { reply in
            guard reply.request.target.queryValue("page") == "1" else { return }
            reply.body.set("sequence", "\(999_999 + Count.next())")
        },
        Mutation("account-path", "a neighbour is left out of the path") { reply in
            reply.body.edit("path") { $0.dropFirstElement() }
        },
        Mutation("stream-order", "an entry is missing from a stream") { reply in
            guard reply.isPage, reply.path == "/v1/prices" else { return }
            reply.body.edit("entries") { entries in
                guard case .array(let elements) = entries, elements.count > 2 else { return }
                entries = .array([elements[0]] + elements[2...])
            }
        },
        Mutation("deltas", "an account changes and no delta says so") { reply in
            reply.body.edit("accounts") { accounts in
                guard case .array(let elements) = accounts, var first = elements.first else {
                    return
                }
                first.set("version", "\(Count.next())")
                accounts = .array([first] + elements.dropFirst())
            }
        },
        Mutation("heartbeat", "an empty reply says that the stream went on") { reply in
            guard reply.request.target.queryValue("wait") != nil else { return }
            reply.body.edit("entries") { $0 = .array([]) }
        },
        Mutation("gone", "what is gone is empty instead") { reply in
            guard reply.status == 410 else { return }
            reply.status = 200
        },
        Mutation("price-references", "an index is nothing") { reply in
            reply.editReferences { $0.edit("index") { $0 = .string("0") } }
        },
        Mutation("price-references", "a reference stands beside no price") { reply in
            reply.editReferences { $0.edit("asset") { $0 = .string("NONE") } }
        },
        Mutation("prices", "no price is an eligible one") { reply in
            guard reply.path == "/v1/prices" else { return }
            reply.body.editEach(["entries", "prices"]) {
                $0.edit("kind") { $0 = .string("market") }
            }
        },
    ]

    private static let states = [
        Mutation("market-states", "nothing is said of a market") { reply in
            guard reply.path == "/v1/switches" else { return }
            reply.body.editEach(["entries"]) { $0.edit("markets") { $0.dropFirstElement() } }
        },
        Mutation("market-states", "a market is in a state that nobody knows") { reply in
            guard reply.path == "/v1/switches" else { return }
            reply.body.editEach(["entries", "markets"]) {
                $0.edit("state") { $0 = .string("resting") }
            }
        },
        Mutation("states-ahead", "what was told ahead never comes") { reply in
            guard reply.path == "/v1/switches" else { return }
            reply.body.editEach(["entries", "markets"]) {
                $0.edit("state") { $0 = .string("open") }
            }
        },
    ]

    private static let offers = [
        Mutation("offers-hide-accounts", "an account's path is answered") { reply in
            guard reply.body["code"] == .string("notDisclosed") else { return }
            reply.status = 200
        },
        Mutation("offers-hide-accounts", "a close names somebody's account") { reply in
            guard reply.path == "/v1/closes" else { return }
            reply.body.edit("entries") { entries in
                entries.editElements { entry in
                    entry.edit("close") { close in
                        close.edit("target") { target in
                            target.edit("account") { $0 = .string("borrower-1") }
                        }
                    }
                }
            }
        },
        Mutation("offers-stream", "an offer is missing from what its hash stands for") { reply in
            guard reply.path == "/v1/offers" else { return }
            reply.body.edit("markets") { markets in
                markets.editElements { market in
                    market.edit("offers") { $0.dropFirstElement() }
                }
            }
        },
        Mutation("offers-stream", "changes of offers are not told") { reply in
            guard reply.path == "/v1/offers" else { return }
            reply.body.edit("entries") { entries in
                entries.editElements { $0.edit("markets") { $0 = .array([]) } }
            }
        },
        Mutation("offers-settle", "more is paid than was asked") { reply in
            guard reply.path == "/v1/closes" else { return }
            reply.body.edit("entries") { entries in
                entries.editElements { entry in
                    entry.edit("close") { close in
                        close.edit("paid") { paid in
                            paid.edit("amount") { $0 = .string("\(Count.next())") }
                        }
                    }
                }
            }
        },
        Mutation("offers-end", "an ended offer is looked at again") { reply in
            guard reply.request.method == .put else { return }
            reply.body.edit("answer") { answer in
                answer.edit("refusal") { refusal in
                    refusal.edit("class") { $0 = .string("slippage") }
                }
            }
        },
        Mutation("offers-bids", "everybody sees the highest bid") { reply in
            guard reply.path == "/v1/offers" else { return }
            reply.body.edit("entries") { entries in
                entries.editElements { entry in
                    entry.edit("markets") { markets in
                        markets.editElements { market in
                            market.edit("offers") { offers in
                                offers.editElements { $0.add("highestBid", .string("7")) }
                            }
                        }
                    }
                }
            }
        },
    ]

    private static let access = [
        Mutation(
            "unsigned", "a request without a signature is let in",
            forgives: { $0.header("bailiff-key") == nil }),
        Mutation(
            "signature", "every signature is good",
            forgives: { $0.header("bailiff-key") != nil }),
        Mutation(
            "timestamp", "a signature lives for ever",
            forgives: { $0.header("bailiff-key") != nil }),
        Mutation(
            "nonce", "a nonce is good again and again",
            forgives: { $0.header("bailiff-key") != nil }),
        Mutation("rate-limits", "nobody says what is left") { reply in
            reply.headers.removeAll { $0.name.hasPrefix("ratelimit") }
        },
    ]

    private static let closes = [
        Mutation("look-up", "a key that was never seen is voided") { reply in
            guard reply.body["code"] == .string("noSuchClose") else { return }
            reply.status = 200
        },
        Mutation("tombstone", "a void is answered and forgotten") { reply in
            guard reply.request.method == .get else { return }
            reply.body.edit("answer") { answer in
                guard answer["kind"] == .string("voided") else { return }
                answer.edit("kind") { $0 = .string("refused") }
            }
        },
        Mutation("first-answer", "a repeated answer is not marked") { reply in
            reply.headers.removeAll { $0.name == "replayed" }
        },
        Mutation("first-answer", "a look-up finds another answer") { reply in
            guard reply.request.method == .get else { return }
            reply.body.edit("answer") { $0.edit("kind") { $0 = .string("voided") } }
        },
        Mutation("other-body", "another body gets the first answer") { reply in
            guard reply.status == 422 else { return }
            reply.status = 200
        },
        Mutation("one-key", "a body under another key is taken") { reply in
            guard reply.request.method == .put, reply.status == 400 else { return }
            reply.status = 200
        },
        Mutation("refused-moves-nothing", "each look at the balances costs something") { reply in
            reply.body.edit("balances") { balances in
                balances.editElements { balance in
                    balance.edit("amount") { $0 = .string("\(Count.next())") }
                }
            }
        },
    ]

    private static let books = [
        Mutation("settlements", "a line was altered after it was hashed") { reply in
            reply.body.editEach(["settlements"]) {
                $0.edit("record") { $0.edit("keeper") { $0 = .string("nobody") } }
            }
        },
        Mutation("settlement-signatures", "another key signs than the one that is named") { reply in
            reply.body.edit("settlementKey") {
                $0 = .string("0x" + String(repeating: "58", count: 32))
            }
        },
        Mutation("settlement-signatures", "a signature is of another settlement") { reply in
            reply.body.editEach(["settlements"]) {
                $0.edit("record") { $0.edit("keeper") { $0 = .string("nobody") } }
            }
        },
        Mutation("fund-history", "the fund is richer than its lines") { reply in
            reply.body.edit("history") { history in
                history.editElements { $0.edit("fund") { $0 = .string("1") } }
            }
        },
        Mutation("fund-solvency", "the fund reaches further than it does") { reply in
            guard reply.path == "/v1/fund" else { return }
            reply.body.edit("solvency") { solvency in
                solvency.edit("ratioPpm") { $0 = .string("99000000") }
            }
        },
        Mutation("fund-solvency", "the fund once reached further than it did") { reply in
            reply.body.editEach(["history"]) {
                $0.edit("solvency") { $0.edit("stressLoss") { $0 = .string("7") } }
            }
        },
        Mutation("request-ids", "every request has one id") { reply in
            reply.headers.removeAll { $0.name == "request-id" }
            reply.headers.append(HTTPField("Request-Id", "r"))
        },
    ]
}

extension PassedReply {
    fileprivate mutating func editReferences(_ change: (inout JSONValue) -> Void) {
        guard path == "/v1/prices" else { return }
        body.editEach(["entries", "references"], change)
    }
}
