/// Elements by time, the earliest first; those of one time in the order in which they were added.
/// A binary heap.
struct TimedQueue<Element> {
  private struct Entry {
    let time: Int64
    let number: UInt64
    let element: Element

    func isBefore(_ other: Entry) -> Bool {
      time != other.time ? time < other.time : number < other.number
    }
  }

  private var heap: [Entry] = []
  private var added: UInt64 = 0

  /// The earliest time; nil if there is none.
  var nextTime: Int64? { heap.first?.time }

  mutating func add(_ element: Element, at time: Int64) {
    added += 1
    heap.append(Entry(time: time, number: added, element: element))
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the first whose time has come.
  mutating func next(until time: Int64) -> Element? {
    guard let first = heap.first, first.time <= time else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      if least == parent { break }
      heap.swapAt(parent, least)
      parent = least
    }
    return first.element
  }
}
