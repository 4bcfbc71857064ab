import Foundation

/// The real cluster that tests may use: one that whoever runs them names.
package enum TestCluster {
  package static let context = ProcessInfo.processInfo.environment["DEVBENCH_TEST_KUBECONTEXT"]
  /// On the loopback interface; the cluster's nodes pull from it too.
  package static let registry = ProcessInfo.processInfo.environment["DEVBENCH_TEST_REGISTRY"]

  /// Whether an app can be brought to run there.
  package static let runsApps = context != nil && registry != nil
  /// Why tests are skipped that need one.
  package static let isMissing =
    "no cluster: DEVBENCH_TEST_KUBECONTEXT or DEVBENCH_TEST_REGISTRY names none"
}
