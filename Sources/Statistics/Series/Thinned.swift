/// A series as few enough points for what looks at every pair: medians of equal stretches.
struct Thinned {
  let x: [Double]
  let y: [Double]

  init(x: [Double], y: [Double], most: Int) {
    guard x.count > most else {
      (self.x, self.y) = (x, y)
      return
    }
    var (xs, ys): ([Double], [Double]) = ([], [])
    for place in 0..<most {
      let range = place * x.count / most..<(place + 1) * x.count / most
      xs.append(Quantile.median(Array(x[range])) ?? 0)
      ys.append(Quantile.median(Array(y[range])) ?? 0)
    }
    (self.x, self.y) = (xs, ys)
  }
}
