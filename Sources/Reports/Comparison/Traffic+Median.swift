import Measurement
import Statistics

extension Traffic {
  /// The median of each direction, in whole bytes; nil of nothing.
  static func median(of traffic: [Traffic]) -> Traffic? {
    guard let up = Quantile.median(traffic.map { Double($0.up) }),
      let down = Quantile.median(traffic.map { Double($0.down) })
    else { return nil }
    return Traffic(up: Int(up.rounded()), down: Int(down.rounded()))
  }
}
