package import Measurement
package import Parity

/// What a team wants weighed, and its own numbers: decision.yaml.
package struct DecisionFile: Sendable, Hashable {
  /// What a criterion is called: one of devbench's, or one that the team states.
  package struct Weight: Sendable, Hashable {
    package var name: String
    /// 0 or more; only its part of the sum counts.
    package var value: Double

    package init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  package struct Threshold: Sendable, Hashable {
    package var criterion: Criterion
    /// In the criterion's unit: at least of shares, at most of everything else.
    package var limit: Double

    package init(_ criterion: Criterion, _ limit: Double) {
      self.criterion = criterion
      self.limit = limit
    }
  }

  /// What the team says of a workflow, which nobody measured.
  package struct Statement: Sendable, Hashable {
    /// From 0 to 1, 1 being best.
    package var value: Double
    package var why: String

    package init(_ value: Double, why: String) {
      self.value = value
      self.why = why
    }
  }

  /// A criterion that can't be measured.
  package struct Stated: Sendable, Hashable {
    package var name: String
    package var statements: [WorkflowKind: Statement]

    package init(name: String, statements: [WorkflowKind: Statement]) {
      self.name = name
      self.statements = statements
    }
  }

  /// In the file's order; one at least is above 0.
  package var weights: [Weight]
  package var team: Team
  package var thresholds: [Threshold]
  package var stated: [Stated]
  /// The link whose cells count where a workflow was measured over several; nil for the first.
  package var link: String?
  /// The workflow that others' runtimes are compared with.
  package var reference: WorkflowKind
  /// Which facts of runtimes aren't compared.
  package var ignore = ParityIgnore.standard

  package init(
    weights: [Weight], team: Team = Team(), thresholds: [Threshold] = [], stated: [Stated] = [],
    link: String? = nil, reference: WorkflowKind = .remoteCluster
  ) {
    self.weights = weights
    self.team = team
    self.thresholds = thresholds
    self.stated = stated
    self.link = link
    self.reference = reference
  }

  /// What counts where no team says otherwise. It knows nobody's numbers, so there is no cost in it.
  package static let standard = DecisionFile(weights: [
    Weight(Criterion.innerLoop.rawValue, 3), Weight(Criterion.innerLoopP90.rawValue, 1),
    Weight(Criterion.setUpWarm.rawValue, 1), Weight(Criterion.memory.rawValue, 1),
    Weight(Criterion.parity.rawValue, 3), Weight(Criterion.reproducibility.rawValue, 1),
    Weight(Criterion.recovery.rawValue, 1), Weight(Criterion.recoveryAlone.rawValue, 1),
    Weight(Criterion.editsKept.rawValue, 1), Weight(Criterion.breakFix.rawValue, 1),
    Weight(Criterion.offline.rawValue, 1),
  ])
}

/// A team's own numbers. What isn't given is nil, and what needs it isn't computed.
package struct Team: Sendable, Hashable {
  package struct Workstation: Sendable, Hashable {
    package var price: Double
    package var years: Double

    package init(price: Double, years: Double) {
      self.price = price
      self.years = years
    }
  }

  package var developers: Int?
  /// Of one developer.
  package var editsPerHour: Double?
  package var hoursPerDay: Double?
  package var daysPerMonth: Double?
  /// Of one developer.
  package var hourlyCost: Double?
  /// Written behind amounts.
  package var currency: String
  /// What the remote cluster costs the whole team a month.
  package var clusterPerMonth: Double?
  package var workstation: Workstation?
  /// Where a workflow needs another one.
  package var workstations: [WorkflowKind: Workstation]

  package init(
    developers: Int? = nil, editsPerHour: Double? = nil, hoursPerDay: Double? = nil,
    daysPerMonth: Double? = nil, hourlyCost: Double? = nil, currency: String = "EUR",
    clusterPerMonth: Double? = nil, workstation: Workstation? = nil,
    workstations: [WorkflowKind: Workstation] = [:]
  ) {
    self.developers = developers
    self.editsPerHour = editsPerHour
    self.hoursPerDay = hoursPerDay
    self.daysPerMonth = daysPerMonth
    self.hourlyCost = hourlyCost
    self.currency = currency
    self.clusterPerMonth = clusterPerMonth
    self.workstation = workstation
    self.workstations = workstations
  }
}
