// One request on its way through the venue: what every reply to it has to say beside its answer.

import HTTPServing

final class Visit {
    /// The venue's own name for the request: in a header of every reply, and inside every problem.
    let requestID: String
    /// Set as soon as it is known whose bucket the request comes out of.
    var standing: RateStanding?

    private let retirement: VenueRetirement?

    init(number: UInt64, retirement: VenueRetirement?) {
        requestID = "r-\(number)"
        self.retirement = retirement
    }

    var headers: [HTTPField] {
        let version = [
            HTTPField("Request-Id", requestID), HTTPField("API-Version", VenueServer.apiVersion),
        ]
        return version + (standing?.headers ?? []) + (retirement?.headers ?? [])
    }
}
