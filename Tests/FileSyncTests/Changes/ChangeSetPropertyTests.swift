import TestSupport
import Testing

@testable import FileSync

struct ChangeSetPropertyTests {
  private static let names: [TreePath] = [
    "a", "b", "a/a", "a/b", "b/a", "a/a/a", "a/b/c", "c", "a b",
  ]

  /// A container and what it started from.
  private struct Side {
    var id: String
    var tree: ModelTree
  }

  private static func operate(
    on host: inout ModelTree, _ changes: inout ChangeSet, with numbers: inout RandomNumbers
  ) {
    let path = numbers.pick(names)
    var marks = [path]
    switch numbers.below(10) {
    case 0..<4: host.putFile(path)
    case 4: host.put(path, .directory)
    case 5: host.put(path, .link(target: numbers.pick(names)))
    case 6, 7: host.remove(path)
    case 8:
      let new = numbers.pick(names)
      host.rename(path, to: new)
      marks.append(new)
    default: marks = [""]
    }
    // Directories that may have been made on the way are named too, as whoever watches has to: an empty
    // one that stays behind has no file that would name it.
    for path in marks {
      changes.mark(path)
      for parent in path.ancestors where !parent.isEmpty { changes.mark(parent) }
    }
  }

  @Test(
    "edges 1, 2, 3, 8, 10, 13, 17: random operations and failures end with equal trees",
    .timeLimit(.minutes(5)))
  func convergence() throws {
    let first = RandomNumbers()
    print("change set property: first seed \(first.seed)")
    for round in 0..<200 {
      var numbers = RandomNumbers(seed: first.seed &+ UInt64(round))
      var host = ModelTree()
      for _ in 0..<6 { host.putFile(numbers.pick(Self.names)) }
      var image = host
      var changes = ChangeSet(image: host.all)
      var sides = [Side(id: "c0", tree: image)]
      changes.add(container: "c0")
      var started = 1
      for _ in 0..<60 {
        Self.operate(on: &host, &changes, with: &numbers)
        let side = numbers.below(sides.count)
        switch numbers.below(12) {
        case 0..<6:
          guard let batch = changes.nextBatch(for: sides[side].id, from: host) else { break }
          if numbers.chance(40) { Self.operate(on: &host, &changes, with: &numbers) }
          switch numbers.below(5) {
          case 0: changes.fail(batch)
          case 1:
            // It arrived in part, or in whole, and nobody said so.
            _ = sides[side].tree.apply(batch) { _ in numbers.chance(60) }
            changes.fail(batch)
          case 2:
            let torn = Set(batch.writes.map(\.path).filter { _ in numbers.chance(30) })
            _ = sides[side].tree.apply(batch) { !torn.contains($0) }
            changes.acknowledge(batch, except: torn)
          default:
            let refusals = sides[side].tree.apply(batch)
            #expect(refusals.isEmpty, "seed \(numbers.seed)")
            changes.acknowledge(batch)
          }
        case 6:
          changes.remove(container: sides[side].id)
          sides[side] = Side(id: "c\(started)", tree: image)
          changes.add(container: sides[side].id)
          started += 1
        case 7 where sides.count < 3:
          sides.append(Side(id: "c\(started)", tree: image))
          changes.add(container: "c\(started)")
          started += 1
        case 8:
          let start = changes.now
          image = host
          if numbers.chance(50) { Self.operate(on: &host, &changes, with: &numbers) }
          changes.imageBuilt(from: image.all, since: start)
        default: break
        }
      }
      for index in sides.indices {
        let batch = changes.nextBatch(for: sides[index].id, from: host)
        if let batch {
          let refusals = sides[index].tree.apply(batch)
          #expect(refusals.isEmpty, "seed \(numbers.seed)")
          changes.acknowledge(batch)
        }
        #expect(sides[index].tree.all == host.all, "seed \(numbers.seed)")
        #expect(changes.dirtyCount(in: sides[index].id) == 0, "seed \(numbers.seed)")
      }
    }
  }
}
