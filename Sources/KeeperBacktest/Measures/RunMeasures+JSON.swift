package import KeeperCodec
import KeeperModel
import KeeperRuntime
import WideMath

/// The result of a run as other programs read it. Amounts are exact, in quotes and in smallest
/// units; shares are in ppm, spans in nanoseconds.
extension RunMeasures {
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("strategy", name)
        if let venueName { json.member("venue", venueName.text) }
        // A sum of different things would be none.
        if hasOneUnit { json.member("net", evidence.netUnits) }
        writeHeadline(&json)
        if hasOneUnit {
            json.key("revenue")
            revenue.write(to: &json)
        }
        writeFunnel(&json)
        writeRaces(&json)
        if hasOneUnit { writeEquity(&json) }
        if venues.isEmpty {
            writeVenue(&json)
        } else {
            json.key("venues")
            json.beginArray()
            for part in venues { part.write(to: &json) }
            json.endArray()
        }
        if venues.isEmpty { writeCloses(&json) }
        json.endObject()
    }

    private func writeHeadline(_ json: inout JSONWriter) {
        json.key("headline")
        json.beginObject()
        json.member("isAllowed", headlineRefusals.isEmpty)
        json.key("refusals")
        json.beginArray()
        for refusal in headlineRefusals { json.string(refusal.people) }
        json.endArray()
        json.member("rivals", evidence.rivals.people)
        if hasOneUnit { json.member("summedBonus", evidence.bonusUnits) }
        json.member("independentEvents", UInt64(bootstrap.eventCount))
        if hasOneUnit {
            json.member("bandLow", bootstrap.lowUnits)
            json.member("bandHigh", bootstrap.highUnits)
        }
        json.endObject()
    }

    private func writeFunnel(_ json: inout JSONWriter) {
        json.key("funnel")
        json.beginArray()
        for step in funnel.steps {
            json.beginObject()
            json.member("stage", step.stage.rawValue)
            json.member("count", UInt64(step.count))
            if hasOneUnit { json.member("bonus", step.bonusUnits) }
            json.member("lostCount", UInt64(step.lostCount))
            if hasOneUnit { json.member("lostBonus", step.lostUnits) }
            json.key("reasons")
            json.beginArray()
            for reason in step.reasons {
                json.beginObject()
                json.member("reason", reason.name)
                json.member("count", UInt64(reason.count))
                if hasOneUnit { json.member("bonus", reason.bonusUnits) }
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }

    private func writeRaces(_ json: inout JSONWriter) {
        json.key("latency")
        json.beginObject()
        for row in latency.rows { Self.write(row.spans, row.name, &json) }
        Self.write(latency.lead, "lead over others", &json)
        json.endObject()
        json.key("shareCapturedPpm")
        if let shareCapturedPpm {
            json.integer(Int64(shareCapturedPpm))
        } else {
            json.null()
        }
    }

    private static func write(_ spans: Percentiles?, _ name: String, _ json: inout JSONWriter) {
        json.key(name)
        guard let spans else { return json.null() }
        json.beginObject()
        json.member("count", UInt64(spans.count))
        json.member("p50", spans.p50.nanoseconds)
        json.member("p90", spans.p90.nanoseconds)
        json.member("p99", spans.p99.nanoseconds)
        json.member("max", spans.max.nanoseconds)
        json.endObject()
    }

    private func writeEquity(_ json: inout JSONWriter) {
        json.member("drawdown", equity.drawdownUnits)
        json.member("capitalUsed", capitalUsedUnits)
        json.member("gasWon", gasWonUnits)
        json.member("gasLost", gasLostUnits)
        json.key("topThreeDaysPpm")
        if let share = equity.topDaysPpm { json.amount(share) } else { json.null() }
    }

    private func writeVenue(_ json: inout JSONWriter) {
        json.key(venueName == nil ? "venue" : "suffered")
        json.beginObject()
        json.member("settlements", UInt64(venue.settlementCount))
        json.member("surplus", venue.surplusUnits)
        json.member("fundChange", venue.fund.last?.units ?? .zero)
        json.member("fundDrawdown", venue.fundDrawdownUnits)
        json.member("recoveryPpm", venue.recoveryPpm)
        json.member("deficit", venue.deficitUnits)
        json.member("deficitPerNotionalPpm", venue.deficitPerNotionalPpm)
        json.member("deleveraged", venue.deleveragedUnits)
        json.member("socialised", venue.socialisedUnits)
        json.member("badDebt", venue.badDebtUnits)
        json.member("loans", venue.loanUnits)
        json.key("shared")
        json.beginArray()
        for line in venue.shared {
            json.beginObject()
            json.member("to", line.beneficiary)
            json.member("reason", line.reason)
            json.member("units", line.units)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private func writeCloses(_ json: inout JSONWriter) {
        json.key("closes")
        json.beginArray()
        for close in closes {
            json.beginObject()
            json.member("clientId", close.clientID.text)
            json.member("account", close.target.account.text)
            json.member("market", close.target.market.text)
            json.member("createdAt", close.createdAt.nanoseconds)
            json.member("ending", close.ending)
            json.member("expected", close.expectedUnits)
            json.member("net", close.netUnits)
            json.endObject()
        }
        json.endArray()
    }
}
