internal import PolicyModel

/// One element's trial: what is decided with it and without it.
struct IdleTrial {
    let location: SourceLocation
    /// The rules that matched before, and those of the trial, numbered one after the other.
    private let earlier: [RuleTable.Entry]
    private var matched: [RuleTable.Entry] = []
    private var decides = false
    private var instead: RuleTable.Entry?

    init(location: SourceLocation, earlier: [RuleTable.Entry]) {
        self.location = location
        self.earlier = earlier
    }

    /// Why the element makes no difference, if it does not.
    var reason: IdleDeclaration.Reason {
        guard decides else { return .shadowed(by: instead?.rule.location) }
        return .repeated(id: instead?.rule.id ?? "", instead?.rule.location)
    }

    /// Whether both stacks of layers decide alike on every path that goes on with `name`.
    mutating func isSame(_ with: [LayerProbe], _ without: [LayerProbe], after name: String) -> Bool
    {
        matched.removeAll(keepingCapacity: true)
        return goOn(with, without, name)
    }

    private mutating func goOn(
        _ with: [LayerProbe], _ without: [LayerProbe], _ name: String
    ) -> Bool {
        var with = with
        var without = without
        for layer in with.indices {
            with[layer].advance(name) { number($0) }
            without[layer].advance(name) { number($0) }
        }
        for context in AccessContext.allCases {
            let first = LayerProbe.decision(with, context) { number($0) }
            let second = LayerProbe.decision(without, context) { number($0) }
            guard agree(first, second) else { return false }
        }
        guard with.contains(where: \.isAlive) || without.contains(where: \.isAlive) else {
            return true
        }
        var names = LayerProbe.names(with).union(LayerProbe.names(without))
        names.insert(ProofWalk.unknownName(besides: names))
        for name in names {
            guard goOn(with, without, name) else { return false }
        }
        return true
    }

    private mutating func number(_ entry: RuleTable.Entry) -> Int32 {
        matched.append(entry)
        return Int32(earlier.count + matched.count - 1)
    }

    private func entry(_ number: Int32) -> RuleTable.Entry {
        let index = Int(number)
        return index < earlier.count ? earlier[index] : matched[index - earlier.count]
    }

    private mutating func agree(_ first: Int32, _ second: Int32) -> Bool {
        guard first >= 0, second >= 0 else { return first == second }
        let (with, without) = (entry(first), entry(second))
        if with.rule.location == location {
            decides = true
            instead = without
        } else if instead == nil {
            instead = without
        }
        return with.saysTheSame(as: without)
    }
}

extension RuleTable.Entry {
    /// Whether an author could tell the two rules apart by anything but where they stand.
    fileprivate func saysTheSame(as other: RuleTable.Entry) -> Bool {
        let (a, b) = (rule, other.rule)
        return a.effect == b.effect && a.warningCategory == b.warningCategory
            && a.arguments == b.arguments && a.message == b.message && a.because == b.because
            && a.see == b.see && a.instead == b.instead
            && (a.id == derivedID ? b.id == other.derivedID : a.id == b.id)
    }
}
