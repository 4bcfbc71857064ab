import Foundation

/// Whether a cell's runs go on in another series, as they do after an upgrade of the kernel: what such a
/// series ended with says nothing of now.
///
/// Machines that measure by turns mustn't end each other's series from run to run, nor may a night that one of
/// them missed: the other series needs a few runs more, and more time than two runs are usually apart.
enum TrendSuccession {
  /// Runs that another series has to have after the last of this one.
  static let fewest = 3
  /// How many times the usual distance of this one's runs those have to reach.
  static let patience = 2.5

  /// - Parameters:
  ///   - dates: of all of the series' runs, in ascending order.
  ///   - others: those of each other series of the same cell.
  static func hasEnded(_ dates: [Date], others: [[Date]]) -> Bool {
    guard let last = dates.last else { return false }
    let distances = zip(dates, dates.dropFirst()).map { $1.timeIntervalSince($0) }.sorted()
    let usual = distances.isEmpty ? 0 : distances[distances.count / 2]
    return others.contains { other in
      guard let newest = other.last, newest.timeIntervalSince(last) > patience * usual else {
        return false
      }
      return other.suffix(fewest).count { $0 > last } == fewest
    }
  }
}
