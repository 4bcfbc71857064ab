package import Measurement
package import Statistics

/// What is said of a way of developing, with the rule that decides whether it holds, fixed before anything was
/// measured. The raw value is the name in JSON, and under `stated` in decision.yaml.
package enum Claim: String, Sendable, Hashable, CaseIterable, Codable {
  case noUpfrontMigration = "no-upfront-migration"
  case usuallyQuick = "usually-quick"
  case lacksParity = "lacks-parity"
  case worksOnMyMachine = "works-on-my-machine"
  case closerToProduction = "closer-to-production"
  case portable
  case declarative
  case reproducible
  case fullControl = "full-control"
  case limitedByTheWorkstation = "limited-by-the-workstation"
  case operationsWork = "operations-work"
  case closestToProduction = "closest-to-production"
  case managedOnce = "managed-once"
  case arbitrarilyLarge = "arbitrarily-large"
  case sharedByMany = "shared-by-many"
  case costs
  case speedOverTheNetwork = "speed-over-the-network"
  case newTools = "new-tools"
  case offlineIsAFeature = "offline-is-a-feature"

  /// Whom it is said of.
  package var workflow: WorkflowKind {
    switch self {
    case .noUpfrontMigration, .usuallyQuick, .lacksParity, .worksOnMyMachine: .localNative
    case .closerToProduction, .portable, .declarative, .reproducible, .fullControl,
      .limitedByTheWorkstation, .operationsWork:
      .localCluster
    case .closestToProduction, .managedOnce, .arbitrarilyLarge, .sharedByMany, .costs,
      .speedOverTheNetwork, .newTools, .offlineIsAFeature:
      .remoteCluster
    }
  }

  package var sentence: String {
    switch self {
    case .noUpfrontMigration: "No upfront migration: one begins with the tools that are there"
    case .usuallyQuick: "It is usually quick"
    case .lacksParity: "It lacks parity with production"
    case .worksOnMyMachine: "“Works on my machine”: what breaks elsewhere isn't seen"
    case .closerToProduction: "It is closer to production than native development"
    case .portable: "It is portable: the same set-up on every machine"
    case .declarative: "It is declarative: files describe all of it"
    case .reproducible: "It is reproducible: set up again, it is the same"
    case .fullControl: "One has full control: whatever breaks, one can bring it back"
    case .limitedByTheWorkstation: "It is limited by the workstation"
    case .operationsWork: "It brings operations work for the developer"
    case .closestToProduction: "It is closest to production"
    case .managedOnce: "It is managed once for all: no operations work for the developer"
    case .arbitrarilyLarge: "It can be arbitrarily large"
    case .sharedByMany: "It can be shared by many"
    case .costs: "It costs more"
    case .speedOverTheNetwork: "Speed suffers from the network"
    case .newTools: "It needs new tools"
    case .offlineIsAFeature: "Working offline is a feature that it lacks"
    }
  }

  /// Printed beside the verdict.
  package var rule: String {
    switch self {
    case .noUpfrontMigration:
      "holds if set-up asks the developer for no more tools than any other workflow's"
    case .usuallyQuick:
      "holds if the best path serves half of all edits within 1 s (the interval of the median lies below)"
    case .lacksParity:
      "holds if fewer than 95 % of the facts equal the reference's (mean of the groups)"
    case .worksOnMyMachine:
      "holds if a runtime's version, a package or whether names differ by case isn't as in the reference"
    case .closerToProduction:
      "holds if its share of facts equal to the reference's is above native's, neither being the reference"
    case .portable:
      "holds if a cold set-up was completed on hosts of two systems or more"
    case .declarative: "holds if every cold set-up was completed from the scenario's files alone"
    case .reproducible:
      "holds if all facts and files are equal whenever it was set up twice, and the image is the same"
    case .fullControl:
      "holds if the app came back from every fault that was made, on the developer's own machine"
    case .limitedByTheWorkstation:
      "holds if the manifests' requests don't fit, or the loop takes more than half of the memory"
    case .operationsWork:
      "holds if a fault needed a hand; saving again what a full disk refused is none"
    case .closestToProduction:
      "holds if its share of facts equal to the reference's is above all others', none of them being the reference: of these three one always is, so that the team has to state it"
    case .managedOnce:
      "holds if no fault needed the developer's hand; saving again what a full disk refused is none"
    case .arbitrarilyLarge: "devbench's remote is on this machine: only the team can state it"
    case .sharedByMany:
      "holds if several developers at once are served at most 1.25 times as slowly as one (the interval lies below)"
    case .costs:
      "holds if it costs more a month than each other workflow (the intervals don't overlap)"
    case .speedOverTheNetwork:
      "holds if the best path's median is above the local cluster's (the interval of the ratio lies above 1)"
    case .newTools:
      "holds if set-up asks the developer for a tool that native development doesn't need"
    case .offlineIsAFeature:
      "holds if not all edits are served while the link is down"
    }
  }
}

package enum ClaimVerdict: String, Sendable, Hashable, CaseIterable, Codable {
  case holds
  case doesNotHold = "doesn't hold"
  /// The interval reaches over the line.
  case undecided
  case notMeasured = "not measured"
  case stated = "stated by the team"
}

/// A claim with what this team's runs say of it.
package struct ClaimResult: Sendable {
  package enum Figure: Sendable, Hashable {
    case number(name: String, value: Double, unit: Criterion.Unit, interval: Interval?)
    case count(name: String, value: Int)
    case words(String)
  }

  package let claim: Claim
  package let verdict: ClaimVerdict
  /// What speaks for or against it. Not escaped.
  package let figures: [Figure]
  package let traces: [Trace]
  /// What has to be done where it isn't measured, or the team's reason where it states it. Not escaped.
  package let note: String?

  init(
    _ claim: Claim, _ verdict: ClaimVerdict, _ figures: [Figure] = [], traces: [Trace] = [],
    note: String? = nil
  ) {
    self.claim = claim
    self.verdict = verdict
    self.figures = figures
    var seen: Set<String> = []
    self.traces = traces.filter { seen.insert($0.command).inserted }
    self.note = note
  }
}
