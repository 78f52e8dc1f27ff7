package import KeeperModel
package import WideMath

/// A venue whose calls go through a pool into blocks: the dearest first, each paying gas whether it
/// succeeds or not, and none for good until it is deep enough.
///
/// A pure value beside the venue. Each block remembers the venue as it was before it, so a
/// reorganisation is nothing but an older value and the same calls again.
package struct SimulatedChain: Sendable {
    package struct Call: Hashable, Sendable {
        package let sender: String
        package let attempt: CloseAttempt
        package let bid: GasBid
        /// The first height that may include it.
        var notBefore: UInt64
    }

    package let terms: ChainTerms
    package private(set) var congestion: Congestion
    package private(set) var reorganisationCount: UInt64 = 0
    private var pool: [Call] = []
    private var state = State()
    private var blocks: [Block] = []

    /// What a reorganisation takes back, besides the venue.
    private struct State: Sendable {
        var nextNonces: [String: UInt64] = [:]
        var inclusions: [ClientID: Inclusion] = [:]
    }

    private struct Block: Sendable {
        let venueBefore: ReferenceVenue
        let stateBefore: State
        var calls: [Call] = []
    }

    package init(terms: ChainTerms, congestion: Congestion) {
        self.terms = terms
        self.congestion = congestion
    }

    package func news(for sender: String) -> ChainNews {
        ChainNews(gas: congestion.price, nextNonce: state.nextNonces[sender] ?? 0)
    }

    // MARK: Calls

    /// What a node says to bytes that reach it.
    package mutating func send(
        _ attempt: CloseAttempt, from sender: String, height: UInt64
    ) -> CloseAnswer {
        guard let bid = attempt.terms.bid else {
            return .refused(Refusal(.malformed, detail: "a call without a bid"))
        }
        guard bid.nonce >= state.nextNonces[sender] ?? 0 else {
            return .unknown(evidence: "nonce too low")
        }
        let call = Call(sender: sender, attempt: attempt, bid: bid, notBefore: height + 1)
        guard
            let place = pool.firstIndex(where: {
                $0.sender == sender && $0.bid.nonce == bid.nonce
            })
        else {
            pool.append(call)
            return .accepted
        }
        if pool[place].attempt == attempt { return .accepted }
        guard bid.feeMax >= bumped(pool[place].bid.feeMax), bid.tip >= bumped(pool[place].bid.tip)
        else { return .unknown(evidence: "replacement underpriced") }
        pool[place] = call
        return .accepted
    }

    package func lookUp(_ clientID: ClientID, height: UInt64) -> CloseAnswer {
        if let inclusion = state.inclusions[clientID] {
            let depth = height - min(height, inclusion.receipt.height)
            return .included(inclusion, isFinal: depth >= terms.finalityHeights)
        }
        return pool.contains { $0.attempt.clientID == clientID } ? .accepted : .notFound
    }

    /// A node forgets a call, as nodes do.
    package mutating func evict(at index: Int) {
        guard pool.indices.contains(index) else { return }
        pool.remove(at: index)
    }

    package var poolCount: Int { pool.count }

    /// What anybody can read of the pool: the calls of others in open lanes. What goes to few is
    /// shown to nobody.
    package func openCalls(except sender: String) -> [(lane: Lane, target: Target, tip: UInt256)] {
        pool.compactMap { call in
            guard call.sender != sender, call.attempt.terms.lane.laneClass == .open else {
                return nil
            }
            let plan = call.attempt.intent.plan
            return (call.attempt.terms.lane, plan.target, call.bid.tip)
        }
    }

    /// Of the sender's next call, where it is in the pool.
    func waitingBid(of sender: String) -> GasBid? {
        let nonce = state.nextNonces[sender] ?? 0
        return pool.first { $0.sender == sender && $0.bid.nonce == nonce }?.bid
    }

    private func bumped(_ fee: UInt256) -> UInt256 {
        fee + fee * UInt256(terms.bumpMinPpm) / UInt256(1_000_000)
    }

    // MARK: Blocks

    /// Lets every height come that is due, each with its block.
    package mutating func advance(_ venue: inout ReferenceVenue, to instant: Instant) {
        while !venue.isOver, venue.nextHeightAt <= instant {
            blocks.append(Block(venueBefore: venue, stateBefore: state))
            if blocks.count > Int(terms.finalityHeights) { blocks.removeFirst() }
            venue.advance(to: venue.nextHeightAt)
            congestion.advance()
            include(&venue)
        }
    }

    /// Takes the newest heights back: fewer than would be final. Their calls are in the pool again,
    /// in no hurry.
    package mutating func reorganise(
        _ venue: inout ReferenceVenue, depth: Int, delay: UInt64
    ) {
        precondition(depth > 0, "A reorganisation takes something back")
        let depth = min(depth, blocks.count - 1)
        guard depth > 0 else { return }
        let undone = blocks[(blocks.count - depth)...]
        guard let first = undone.first else { return }
        venue = first.venueBefore
        state = first.stateBefore
        for call in undone.flatMap(\.calls) {
            var call = call
            call.notBefore = venue.height + 1 + delay
            let isReplaced = pool.contains {
                $0.sender == call.sender && $0.bid.nonce == call.bid.nonce
            }
            if !isReplaced { pool.append(call) }
        }
        blocks.removeLast(depth)
        reorganisationCount += 1
    }

    private mutating func include(_ venue: inout ReferenceVenue) {
        var left = congestion.callsPerBlock
        var isStuck: Set<String> = []
        while left > 0, let index = dearest(at: venue.height, except: isStuck) {
            let call = pool[index]
            if carryOut(call, &venue) {
                pool.remove(at: index)
                blocks[blocks.count - 1].calls.append(call)
                left -= 1
            } else {
                isStuck.insert(call.sender)
            }
        }
    }

    /// The best paid call that can be carried out now; ties by sender.
    private func dearest(at height: UInt64, except stuck: Set<String>) -> Int? {
        pool.indices.filter { index in
            let call = pool[index]
            return call.notBefore <= height && !stuck.contains(call.sender)
                && call.bid.feeMax >= congestion.price.baseFee
                && call.bid.nonce == state.nextNonces[call.sender] ?? 0
        }.max { left, right in
            let (one, other) = (tip(of: pool[left]), tip(of: pool[right]))
            return one != other ? one < other : pool[left].sender > pool[right].sender
        }
    }

    private func tip(of call: Call) -> UInt256 {
        min(call.bid.tip, call.bid.feeMax - congestion.price.baseFee)
    }

    /// False where the venue has no room for it in this block, or the sender cannot pay.
    private mutating func carryOut(_ call: Call, _ venue: inout ReferenceVenue) -> Bool {
        guard venue.balance(of: call.sender, terms.gasAsset) >= call.bid.costMax else {
            return false
        }
        let plan = call.attempt.intent.plan
        var result = Inclusion.Result.cancelled
        var receipt: CloseReceipt?
        var gasUsed = terms.gasPerCancel
        let gasNeeded = terms.gasPerClose * plan.action.closeCount
        if call.attempt.terms.purpose == .close, call.bid.gasLimit < gasNeeded {
            // It runs dry before it has done anything that stays.
            let refusal = Refusal(.limitViolated, detail: "out of gas")
            (result, gasUsed) = (.reverted(refusal), call.bid.gasLimit)
        } else if call.attempt.terms.purpose == .close {
            switch venue.close(plan, bodyHash: plan.clientID.text, keeper: call.sender) {
            case .answered(.settled(let settled), _):
                (result, receipt, gasUsed) = (.settled, settled, gasNeeded / 5 * 4)
            case .answered(.refused(let refusal), _):
                (result, gasUsed) = (.reverted(refusal), gasNeeded / 5)
            case .answered(.tombstone, _), .answered(.pending, _), .keyReused, .tooManyCalls:
                return false
            }
        }
        let fee = (congestion.price.baseFee + tip(of: call)) * UInt256(gasUsed)
        let paid = venue.chargeGas(fee, of: terms.gasAsset, to: call.sender)
        state.nextNonces[call.sender] = call.bid.nonce + 1
        state.inclusions[plan.clientID] = Inclusion(
            result: result,
            receipt: CloseReceipt(
                clientID: plan.clientID,
                fillID: "\(venue.height)-\(reorganisationCount)-\(plan.clientID)",
                height: venue.height, settledAt: venue.world.now,
                movements: (receipt?.movements ?? []) + paid,
                settlements: receipt?.settlements ?? []))
        return true
    }
}

extension ReferenceVenue {
    func balance(of keeper: String, _ asset: AssetID) -> UInt256 {
        world.custody.balance(of: .keeper(keeper), asset)
    }

    /// Gas goes to whoever makes the blocks, out of what the sender was seen to have.
    fileprivate mutating func chargeGas(
        _ fee: UInt256, of asset: AssetID, to keeper: String
    ) -> [Movement] {
        let taken = min(fee, balance(of: keeper, asset))
        let hasMoved = world.custody.transfer(
            taken, of: asset, from: .keeper(keeper), to: .blockMakers)
        precondition(hasMoved, "No more is taken than there is")
        var ledger = MovementLedger(world)
        ledger.went(taken, asset, .gas)
        return ledger.movements
    }
}
