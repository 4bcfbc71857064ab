import Testing

@testable import FileSync

struct ChangeSetTests {
  private var host = ModelTree()

  private mutating func started(_ paths: [TreePath]) -> (ChangeSet, ModelTree) {
    for path in paths { host.putFile(path) }
    var changes = ChangeSet(image: host.all)
    changes.add(container: "c1")
    return (changes, host)
  }

  private func next(_ changes: inout ChangeSet, _ id: String) throws -> SyncBatch {
    let batch = changes.nextBatch(for: id, from: host)
    return try #require(batch)
  }

  private func isIdle(_ changes: inout ChangeSet, _ id: String) -> Bool {
    changes.nextBatch(for: id, from: host) == nil
  }

  @Test("edge 1: marks that come between batches merge, none replaces another")
  mutating func merge() throws {
    var (changes, container) = started(["a", "b", "c"])
    for path: TreePath in ["a", "b", "a", "c"] {
      host.putFile(path)
      changes.mark(path)
    }
    let batch = try next(&changes, "c1")
    #expect(batch.writes.map(\.path) == ["a", "b", "c"])
    _ = container.apply(batch)
    changes.acknowledge(batch)
    #expect(container.all == host.all)
    #expect(changes.dirtyCount(in: "c1") == 0)
  }

  @Test("edge 2: a path stays dirty until it is acknowledged")
  mutating func failure() throws {
    var (changes, _) = started(["a"])
    host.putFile("a")
    changes.mark("a")
    for _ in 0..<3 {
      let batch = try next(&changes, "c1")
      #expect(batch.writes.map(\.path) == ["a"])
      let idle = isIdle(&changes, "c1")
      #expect(idle)
      changes.fail(batch)
      #expect(changes.dirtyCount(in: "c1") == 1)
    }
  }

  @Test("edge 10: a path that changes while its batch is under way, or is torn, stays dirty")
  mutating func changeUnderWay() throws {
    var (changes, _) = started(["a", "b", "c"])
    for path: TreePath in ["a", "b", "c"] { changes.mark(path) }
    let batch = try next(&changes, "c1")
    host.putFile("a")
    changes.mark("a")
    changes.acknowledge(batch, except: ["b"])
    let next = try next(&changes, "c1")
    #expect(next.writes.map(\.path) == ["a", "b"])
    #expect(next.deletes.isEmpty, "a file that may be there is overwritten, not removed first")
  }

  @Test("edge 3: a new container gets everything that changed since the image was built")
  mutating func replay() throws {
    var (changes, container) = started(["a", "b"])
    let image = container
    host.putFile("a")
    host.remove("b")
    host.putFile("d/e")
    for path: TreePath in ["a", "b", "d"] { changes.mark(path) }
    let batch = try next(&changes, "c1")
    _ = container.apply(batch)
    changes.acknowledge(batch)

    var second = image
    changes.add(container: "c2")
    let replay = try next(&changes, "c2")
    _ = second.apply(replay)
    changes.acknowledge(replay)
    #expect(second.all == host.all && container.all == host.all)

    // After a rebuild there is nothing to replay but what changed while it was built.
    let start = changes.now
    let content = host.all
    host.putFile("a")
    changes.mark("a")
    changes.imageBuilt(from: content, since: start)
    changes.add(container: "c3")
    let last = try next(&changes, "c3")
    #expect(last.writes.map(\.path) == ["a"])
    changes.remove(container: "c2")
    let isIdle = isIdle(&changes, "c2")
    #expect(isIdle)
  }

  @Test("edge 8: an overflow compares the whole tree; mass delete and recreate arrives")
  mutating func overflow() throws {
    var (changes, container) = started((0..<1179).map { TreePath("d\($0 % 7)/f\($0)") })
    for index in 0..<7 { host.remove(TreePath("d\(index)")) }
    for index in 0..<1179 where index % 3 != 0 { host.putFile(TreePath("d\(index % 7)/f\(index)")) }
    changes.mark("")
    let batch = try next(&changes, "c1")
    changes.fail(batch)
    let again = try next(&changes, "c1")
    let refusals = container.apply(again)
    #expect(refusals.isEmpty)
    changes.acknowledge(again)
    #expect(container.all == host.all)
    let idle = isIdle(&changes, "c1")
    #expect(idle)
  }

  @Test("edge 13: a rename, of case alone too, deletes the old and adds the new")
  mutating func rename() throws {
    var (changes, _) = started(["a/x", "a/y", "Readme"])
    host.rename("a", to: "b")
    host.rename("Readme", to: "README")
    for path: TreePath in ["a", "b", "Readme", "README"] { changes.mark(path) }
    let batch = try next(&changes, "c1")
    #expect(batch.deletes == ["Readme", "a", "a/x", "a/y"])
    #expect(batch.writes.map(\.path) == ["README", "b", "b/x", "b/y"])
  }

  @Test("edge 17: a path that comes back as another type is deleted first")
  mutating func types() throws {
    let kinds: [TreeEntry] = [
      .file(FileFacts(mode: 0o644, size: 1, modifiedAt: 1)), .directory, .link(target: "x"),
    ]
    for before in kinds {
      for after in kinds where after != before {
        host = ModelTree()
        host.put("p", before)
        if before == .directory { host.putFile("p/old") }
        var changes = ChangeSet(image: host.all)
        changes.add(container: "c1")
        var container = host
        host.put("p", after)
        if after == .directory { host.putFile("p/new") }
        // Only what is below is reported: the type above has changed all the same.
        changes.mark(after == .directory ? "p/new" : "p")
        let batch = try next(&changes, "c1")
        #expect(batch.deletes.first == "p")
        let refusals = container.apply(batch)
        #expect(refusals.isEmpty)
        #expect(container.all == host.all)
      }
    }
  }

  @Test("edge 9: what vanished before it could be sent is no error")
  mutating func vanished() throws {
    var (changes, _) = started([])
    changes.mark("never/there")
    let batch = try next(&changes, "c1")
    #expect(batch.isEmpty && batch.problems.isEmpty)
    changes.acknowledge(batch)
    let idle = isIdle(&changes, "c1")
    #expect(idle)
  }

  @Test("what can't be looked at stays dirty and isn't deleted")
  mutating func unreadable() throws {
    var (changes, _) = started(["a", "b"])
    host.unreadable = ["a"]
    changes.mark("a")
    changes.mark("b")
    let batch = try next(&changes, "c1")
    #expect(batch.problems.count == 1 && batch.deletes.isEmpty)
    changes.acknowledge(batch)
    host.unreadable = []
    let last = try next(&changes, "c1")
    #expect(last.writes.map(\.path) == ["a"])
  }

  @Test("edge 21: what lies in an unreadable directory isn't deleted, and is looked at again")
  mutating func unreadableDirectory() throws {
    for mark: TreePath in ["", "d"] {
      host = ModelTree()
      var (changes, _) = started(["d/e/f", "d/g", "h"])
      host.unreadable = ["d/e"]
      host.putFile("d/e/f")
      host.putFile("d/g")
      host.remove("h")
      changes.mark(mark)
      changes.mark("h")
      let batch = try next(&changes, "c1")
      #expect(batch.deletes == ["h"])
      #expect(batch.writes.map(\.path).filter { $0 != "d" } == ["d/g"])
      #expect(batch.problems.map(\.path) == ["d/e"])
      changes.acknowledge(batch)
      host.unreadable = []
      let last = try next(&changes, "c1")
      #expect(last.writes.map(\.path).contains("d/e/f"))
    }
  }

  @Test("what two rules take to one place stays while one of its files is there, and is sent again")
  mutating func overlap() throws {
    let mapping = SyncMapping([
      try SyncRule(from: "common/**", to: "/app", strip: "common"),
      try SyncRule(from: "svc/**", to: "/app", strip: "svc"),
    ])
    var (changes, _) = started([
      "common/lib/a", "common/config", "svc/lib/b", "svc/config", "svc/own/c",
    ])
    host.remove("svc/lib")
    host.remove("svc/config")
    host.remove("svc/own")
    for path: TreePath in ["svc/lib", "svc/config", "svc/own"] { changes.mark(path) }
    let next = changes.nextBatch(for: "c1", from: host, by: mapping)
    let batch = try #require(next)
    #expect(batch.kept == ["/app/lib", "/app/config"])
    #expect(batch.writes.map(\.path) == ["common/config", "common/lib"])
    var plan = FramePlan(batch, mapping: mapping, root: "/host", singly: true)
    var deleted: [TreePath] = []
    while let step = plan.next(), case .delete(let target) = step.body { deleted.append(target) }
    #expect(deleted == ["/app/lib/b", "/app/own"])
  }

  @Test("an acknowledgement that comes too late changes nothing")
  mutating func late() throws {
    var (changes, _) = started(["a"])
    changes.mark("a")
    let batch = try next(&changes, "c1")
    changes.fail(batch)
    changes.acknowledge(batch)
    #expect(changes.dirtyCount(in: "c1") == 1)
  }

  @Test("edge 2: what a lost batch may have deleted is sent again, as if it weren't there")
  mutating func deletedByWhatWasLost() throws {
    var (changes, container) = started(["a"])
    let before = try #require(host.all["a"])
    host.remove("a")
    changes.mark("a")
    let lost = try next(&changes, "c1")
    #expect(lost.deletes == ["a"])
    _ = container.apply(lost)
    changes.fail(lost)
    // The file comes back as it was, as by a rename there and back.
    host.put("a", before)
    changes.mark("a")
    let batch = try next(&changes, "c1")
    #expect(batch.writes.map(\.path) == ["a"])
    #expect(batch.writes.map(\.heldMode) == [nil], "a new file has a mode of its own")
    _ = container.apply(batch)
    changes.acknowledge(batch)
    #expect(container.all == host.all)
  }
}
