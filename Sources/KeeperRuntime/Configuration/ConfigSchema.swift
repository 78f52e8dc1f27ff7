/// The configuration's form for editors: JSON Schema 2020-12. It says no more than the reader
/// does; that both accept and refuse the same is a test's affair. What the reader knows besides is
/// how values go together: units, one limit below another, names that are files.
package enum ConfigSchema {
    package static let text = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "bailiff: config.json",
          "type": "object",
          "additionalProperties": false,
          "required": ["configVersion", "unitOfAccount", "strategies", "limits", "guards",
            "dryRun", "live", "state"],
          "oneOf": [{"required": ["venue"]}, {"required": ["venues"]}],
          "properties": {
            "$schema": {},
            "configVersion": {"const": 1},
            "unitOfAccount": {
              "description": "in which plans and books are valued",
              "type": "object", "additionalProperties": false, "required": ["asset", "decimals"],
              "properties": {
                "asset": {"$ref": "#/$defs/identifier"},
                "decimals": {"type": "integer", "minimum": 0, "maximum": 18}
              }
            },
            "venue": {
              "type": "object", "additionalProperties": false, "required": ["domain", "url"],
              "properties": {
                "domain": {"$ref": "#/$defs/identifier"},
                "url": {"type": "string"},
                "mirrors": {
                  "description": "other ways to the same venue, for what only reads",
                  "type": "array", "maxItems": 4, "uniqueItems": true,
                  "items": {"$ref": "#/$defs/url"}
                }
              }
            },
            "venues": {
              "description": "instead of venue, where there are several; each a domain",
              "type": "array", "minItems": 1, "maxItems": 16,
              "items": {
                "type": "object", "additionalProperties": false, "required": ["domain", "url"],
                "properties": {
                  "domain": {"$ref": "#/$defs/identifier", "not": {"const": "all"}},
                  "url": {"$ref": "#/$defs/url"},
                  "mirrors": {
                    "type": "array", "maxItems": 4, "uniqueItems": true,
                    "items": {"$ref": "#/$defs/url"}
                  },
                  "feeds": {"$ref": "#/$defs/feeds"},
                  "keyId": {"$ref": "#/$defs/identifier"},
                  "key": {"$ref": "#/$defs/key"},
                  "wallet": {"$ref": "#/$defs/amount"},
                  "latency": {"$ref": "#/$defs/span"}
                }
              }
            },
            "strategies": {
              "type": "object", "additionalProperties": false, "required": ["folder", "use"],
              "properties": {
                "folder": {"$ref": "#/$defs/path"},
                "use": {
                  "description": "of all plans the one that earns most; among equals the first",
                  "type": "array", "minItems": 1, "maxItems": 100, "uniqueItems": true,
                  "items": {"$ref": "#/$defs/identifier"}
                }
              }
            },
            "limits": {
              "description": "what may be at stake and what may be lost; live",
              "type": "object", "additionalProperties": false,
              "required": ["notionalPerClose", "notionalOpen", "openIntents", "closesPerHour",
                "lossPerHour", "lossPerDay", "gasPerDay", "failuresPerHour", "unknownOpen",
                "plausibleProfit"],
              "properties": {
                "notionalPerClose": {"$ref": "#/$defs/amount"},
                "notionalOpen": {"$ref": "#/$defs/amount"},
                "openIntents": {"type": "integer", "minimum": 1, "maximum": 10000},
                "closesPerHour": {"type": "integer", "minimum": 1, "maximum": 1000000},
                "lossPerHour": {"$ref": "#/$defs/amount"},
                "lossPerDay": {"$ref": "#/$defs/amount"},
                "gasPerDay": {"$ref": "#/$defs/amount"},
                "failuresPerHour": {"type": "integer", "minimum": 1, "maximum": 1000000},
                "unknownOpen": {"type": "integer", "minimum": 1, "maximum": 10000},
                "plausibleProfit": {"$ref": "#/$defs/share"},
                "canary": {
                  "description": "what a new version of a strategy closes at once, at first",
                  "type": "object", "additionalProperties": false,
                  "required": ["notional", "closes"],
                  "properties": {
                    "notional": {"$ref": "#/$defs/amount"},
                    "closes": {"type": "integer", "minimum": 1, "maximum": 10000}
                  }
                }
              }
            },
            "treasury": {
              "description": "how full the keeper's purses are, and what may be moved; live",
              "type": "object", "additionalProperties": false,
              "required": ["automatic", "coolDown", "gasPerTransfer", "assets"],
              "properties": {
                "automatic": {"type": "boolean"},
                "coolDown": {"$ref": "#/$defs/span"},
                "gasPerTransfer": {"$ref": "#/$defs/amount"},
                "assets": {
                  "type": "array", "minItems": 1, "maxItems": 64,
                  "items": {
                    "type": "object", "additionalProperties": false,
                    "required": ["asset", "decimals", "floor", "target", "ceiling",
                      "perTransfer", "perDay"],
                    "properties": {
                      "domain": {
                        "description": "which venue; goes without saying where there is one",
                        "$ref": "#/$defs/identifier"
                      },
                      "asset": {"$ref": "#/$defs/identifier"},
                      "decimals": {"type": "integer", "minimum": 0, "maximum": 18},
                      "floor": {"$ref": "#/$defs/amount"},
                      "target": {"$ref": "#/$defs/amount"},
                      "ceiling": {"$ref": "#/$defs/amount"},
                      "perTransfer": {"$ref": "#/$defs/amount"},
                      "perDay": {"$ref": "#/$defs/amount"},
                      "dryRunReserve": {"$ref": "#/$defs/amount"}
                    }
                  }
                }
              }
            },
            "guards": {
              "description": "when a price is not believed; live",
              "type": "object", "additionalProperties": false, "required": ["priceAge", "jump"],
              "properties": {
                "priceAge": {"$ref": "#/$defs/span"},
                "jump": {"$ref": "#/$defs/share"},
                "parting": {
                  "type": "object", "additionalProperties": false,
                  "required": ["above", "then", "holdFor"],
                  "properties": {
                    "above": {"$ref": "#/$defs/share"},
                    "then": {"enum": ["act", "skip", "hold"]},
                    "holdFor": {"$ref": "#/$defs/span"}
                  }
                }
              }
            },
            "avoid": {
              "description": "what is left alone, and why; live",
              "type": "array", "maxItems": 10000,
              "items": {
                "type": "object", "additionalProperties": false, "required": ["reason"],
                "properties": {
                  "account": {"$ref": "#/$defs/identifier"},
                  "asset": {"$ref": "#/$defs/identifier"},
                  "market": {"$ref": "#/$defs/identifier"},
                  "reason": {"type": "string"},
                  "until": {
                    "type": "string",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
                  }
                },
                "oneOf": [
                  {"required": ["account"]}, {"required": ["asset"]}, {"required": ["market"]}
                ]
              }
            },
            "dryRun": {
              "type": "object", "additionalProperties": false, "required": ["wallet", "latency"],
              "properties": {
                "wallet": {"$ref": "#/$defs/amount"},
                "latency": {"$ref": "#/$defs/span"}
              }
            },
            "live": {
              "type": "object", "additionalProperties": false,
              "required": ["enabled", "keyId", "key"],
              "properties": {
                "enabled": {"type": "boolean"},
                "keyId": {"$ref": "#/$defs/identifier"},
                "spin": {"type": "boolean"},
                "key": {"$ref": "#/$defs/key"}
              }
            },
            "watch": {
              "description": "lines beside that of eligibility",
              "type": "object", "additionalProperties": false,
              "properties": {
                "armed": {"$ref": "#/$defs/share"},
                "insolvent": {"type": "boolean"}
              }
            },
            "feeds": {"$ref": "#/$defs/feeds"},
            "journal": {
              "description": "what an intent outlives before bytes leave for it",
              "type": "object", "additionalProperties": false, "required": ["durability"],
              "properties": {"durability": {"enum": ["process", "power"]}}
            },
            "decisions": {
              "description": "how long decisions are kept, and in how much room",
              "type": "object", "additionalProperties": false, "required": ["keep", "disk"],
              "properties": {
                "keep": {"$ref": "#/$defs/span"},
                "disk": {"$ref": "#/$defs/room"}
              }
            },
            "control": {
              "description": "who may speak with a running keeper, besides its owner",
              "type": "object", "additionalProperties": false,
              "properties": {
                "socket": {"$ref": "#/$defs/path"},
                "viewers": {"$ref": "#/$defs/grant"},
                "operators": {"$ref": "#/$defs/grant"},
                "treasurers": {"$ref": "#/$defs/grant"}
              }
            },
            "history": {
              "description": "how much of the past is kept in memory",
              "type": "object", "additionalProperties": false,
              "required": ["eventsPerCheckpoint", "checkpoints"],
              "properties": {
                "eventsPerCheckpoint": {"type": "integer", "minimum": 1, "maximum": 100000},
                "checkpoints": {"type": "integer", "minimum": 0, "maximum": 1000}
              }
            },
            "recording": {
              "description": "how often a recording of a run gets a checkpoint",
              "type": "object", "additionalProperties": false,
              "required": ["checkpointEveryEvents", "accountsMax"],
              "properties": {
                "checkpointEveryEvents": {"type": "integer", "minimum": 0, "maximum": 10000000},
                "accountsMax": {"type": "integer", "minimum": 1, "maximum": 100000}
              }
            },
            "state": {"$ref": "#/$defs/path"}
          },
          "$defs": {
            "identifier": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
            "path": {"type": "string", "minLength": 1},
            "amount": {
              "description": "a number, a space and the unit: 25 USD, 0.5 ETH",
              "type": "string", "pattern": "^[0-9][0-9_]*([.][0-9_]+)? [!-~]+$"
            },
            "share": {
              "description": "2.5%, 30 bps or 100 ppm",
              "type": "string", "pattern": "^[0-9][0-9_]*([.][0-9_]+)?( ?%| bps| ppm)$"
            },
            "span": {
              "description": "150 ms, 30 s, 5 min, 1 h or 1 d",
              "type": "string", "pattern": "^[0-9][0-9_]*([.][0-9_]+)? (ms|s|min|h|d)$"
            },
            "room": {
              "description": "512 MiB, 2 GiB or 900 KiB, at least 1 MiB",
              "type": "string", "pattern": "^[0-9][0-9_]*([.][0-9_]+)? (KiB|MiB|GiB)$"
            },
            "url": {"type": "string", "pattern": "^https?://[!-~]+$"},
            "pointer": {
              "description": "RFC 6901: /data/0/price",
              "type": "string", "pattern": "^(/([^~/]|~[01])*)*$"
            },
            "feeds": {
              "description": "what assets sell for elsewhere, by whom, and when that is believed",
              "type": "array", "maxItems": 64,
              "items": {
                "type": "object", "additionalProperties": false,
                "required": ["asset", "quorum", "age", "deviation", "whenLost", "sources"],
                "properties": {
                  "asset": {"$ref": "#/$defs/identifier"},
                  "lot": {"$ref": "#/$defs/amount"},
                  "quorum": {"type": "integer", "minimum": 1, "maximum": 9},
                  "age": {"$ref": "#/$defs/span"},
                  "deviation": {"$ref": "#/$defs/share"},
                  "halfWidth": {"$ref": "#/$defs/share"},
                  "average": {
                    "type": "object", "additionalProperties": false,
                    "required": ["over", "deviation"],
                    "properties": {
                      "over": {"$ref": "#/$defs/span"}, "deviation": {"$ref": "#/$defs/share"}
                    }
                  },
                  "whenLost": {"enum": ["refuse", "warn"]},
                  "sources": {
                    "type": "array", "minItems": 1, "maxItems": 9,
                    "items": {
                      "oneOf": [
                        {"$ref": "#/$defs/pythSource"}, {"$ref": "#/$defs/binanceSource"},
                        {"$ref": "#/$defs/coinbaseSource"}, {"$ref": "#/$defs/krakenSource"},
                        {"$ref": "#/$defs/jsonSource"}
                      ]
                    }
                  }
                }
              }
            },
            "key": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "file": {"$ref": "#/$defs/path"},
                "credential": {"$ref": "#/$defs/identifier"},
                "scheme": {"enum": ["ed25519", "hmac-sha256"]}
              },
              "oneOf": [{"required": ["file"]}, {"required": ["credential"]}]
            },
            "pythSource": {
              "type": "object", "additionalProperties": false,
              "required": ["kind", "name", "url", "every", "feed"],
              "properties": {
                "kind": {"const": "pyth"}, "name": {"$ref": "#/$defs/identifier"},
                "url": {"$ref": "#/$defs/url"}, "every": {"$ref": "#/$defs/span"},
                "feed": {"type": "string", "pattern": "^(0x)?[0-9A-Fa-f]{64}$"}
              }
            },
            "binanceSource": {
              "type": "object", "additionalProperties": false,
              "required": ["kind", "name", "url", "every", "symbol"],
              "properties": {
                "kind": {"const": "binance"}, "name": {"$ref": "#/$defs/identifier"},
                "url": {"$ref": "#/$defs/url"}, "every": {"$ref": "#/$defs/span"},
                "symbol": {"$ref": "#/$defs/identifier"}
              }
            },
            "coinbaseSource": {
              "type": "object", "additionalProperties": false,
              "required": ["kind", "name", "url", "every", "product"],
              "properties": {
                "kind": {"const": "coinbase"}, "name": {"$ref": "#/$defs/identifier"},
                "url": {"$ref": "#/$defs/url"}, "every": {"$ref": "#/$defs/span"},
                "product": {"$ref": "#/$defs/identifier"}
              }
            },
            "krakenSource": {
              "type": "object", "additionalProperties": false,
              "required": ["kind", "name", "url", "every", "pair"],
              "properties": {
                "kind": {"const": "kraken"}, "name": {"$ref": "#/$defs/identifier"},
                "url": {"$ref": "#/$defs/url"}, "every": {"$ref": "#/$defs/span"},
                "pair": {"$ref": "#/$defs/identifier"}
              }
            },
            "jsonSource": {
              "type": "object", "additionalProperties": false,
              "required": ["kind", "name", "url", "every", "path"],
              "properties": {
                "kind": {"const": "json"}, "name": {"$ref": "#/$defs/identifier"},
                "url": {"$ref": "#/$defs/url"}, "every": {"$ref": "#/$defs/span"},
                "path": {"type": "string", "pattern": "^/[!-~]*$"},
                "query": {
                  "type": "array", "maxItems": 32,
                  "items": {
                    "type": "object", "additionalProperties": false,
                    "required": ["name", "value"],
                    "properties": {"name": {"type": "string"}, "value": {"type": "string"}}
                  }
                },
                "price": {"$ref": "#/$defs/pointer"},
                "bid": {"$ref": "#/$defs/pointer"},
                "ask": {"$ref": "#/$defs/pointer"},
                "exponent": {"type": "integer", "minimum": -30, "maximum": 30},
                "halfWidth": {"$ref": "#/$defs/pointer"},
                "time": {
                  "type": "object", "additionalProperties": false, "required": ["at", "in"],
                  "properties": {
                    "at": {"$ref": "#/$defs/pointer"},
                    "in": {"enum": ["s", "ms", "us", "ns", "utc"]}
                  }
                }
              },
              "oneOf": [
                {
                  "required": ["price"],
                  "not": {"anyOf": [{"required": ["bid"]}, {"required": ["ask"]}]}
                },
                {"required": ["bid", "ask"], "not": {"required": ["price"]}}
              ]
            },
            "numbers": {
              "type": "array", "maxItems": 100,
              "items": {
                "type": "integer", "minimum": 0, "maximum": 4294967294,
                "not": {"const": 65534}
              }
            },
            "grant": {
              "type": "object", "additionalProperties": false,
              "properties": {
                "users": {"$ref": "#/$defs/numbers"},
                "groups": {"$ref": "#/$defs/numbers"},
                "tokenFile": {"$ref": "#/$defs/path"}
              }
            }
          }
        }
        """#
}
