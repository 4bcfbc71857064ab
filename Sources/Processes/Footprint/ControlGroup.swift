import Glibc

/// A control group that accounts for memory and processor time of all processes in it and below.
///
/// Source: Linux, Documentation/admin-guide/cgroup-v2.rst (“Core Interface Files”), and cgroup-v1/memory.rst,
/// cgroup-v1/cpuacct.rst.
struct ControlGroup: Sendable, Hashable {
  enum Version: String, Sendable, Hashable {
    case v1, v2
  }

  /// Its name in the hierarchy that accounts for memory.
  let path: String
  let version: Version
  private let memoryDirectory: String
  private let processorVersion: Version
  private let processorDirectory: String

  /// The group that was made for something, by an id in its name: of a pod, of a container.
  ///
  /// - Parameter places: of a process in it, or in one below.
  /// - Returns: nil if there is none, or it accounts for nothing.
  init?(named id: String, of places: ControlGroupPlaces, in mounts: ControlGroupMounts) {
    guard let memory = mounts.place(of: "memory", places),
      let processor = mounts.place(of: "cpuacct", places),
      let path = Self.prefix(of: memory.path, to: id),
      let processorPath = Self.prefix(of: processor.path, to: id),
      let memoryDirectory = mounts.directory(of: "memory", memory.version, path: path),
      let processorDirectory = mounts.directory(
        of: "cpuacct", processor.version, path: processorPath)
    else { return nil }
    self.path = path
    version = memory.version
    processorVersion = processor.version
    self.memoryDirectory = memoryDirectory
    self.processorDirectory = processorDirectory
    guard self.memory() != nil, processorTime() != nil else { return nil }
  }

  /// The group of that name which `path` lies in: `/a/pod-ID` of `/a/pod-ID/b` for `ID`. What watches over a
  /// container has a group of its own, named likewise.
  static func prefix(of path: String, to id: String) -> String? {
    guard !id.isEmpty else { return nil }
    let names = path.split(separator: "/")
    guard let index = names.firstIndex(where: { $0.contains(id) }),
      !names[index].contains("conmon")
    else { return nil }
    return "/" + names[...index].joined(separator: "/")
  }

  /// Whether a process that is there in the hierarchy of memory belongs to it.
  func contains(path other: String) -> Bool {
    other == path || other.hasPrefix(path + "/")
  }

  struct Memory: Sendable, Hashable {
    /// Bytes that can't be had back at once.
    var used: UInt64
    /// Bytes of files that were read or written and not used since; the kernel takes them back as it likes.
    var inactiveFiles: UInt64
  }

  /// What is in use, as Kubernetes counts it: all that is charged but for files that weren't used lately.
  ///
  /// Source: Kubernetes, “Node-pressure Eviction”, memory.available: `working_set`.
  func memory() -> Memory? {
    let isOld = version == .v1
    if isOld, let text = file("memory.use_hierarchy"), KernelText.number(text) == 0 { return nil }
    guard
      let charged = file(isOld ? "memory.usage_in_bytes" : "memory.current")
        .flatMap(KernelText.number),
      let stat = file("memory.stat")
    else { return nil }
    let fields = KernelText.fields(stat)
    guard let inactive = fields[isOld ? "total_inactive_file" : "inactive_file"] else { return nil }
    return Memory(used: charged > inactive ? charged - inactive : 0, inactiveFiles: inactive)
  }

  /// Nanoseconds.
  func processorTime() -> UInt64? {
    switch processorVersion {
    case .v1:
      return ProcFiles.text(at: "\(processorDirectory)/cpuacct.usage").flatMap(KernelText.number)
    case .v2:
      let text = ProcFiles.text(at: "\(processorDirectory)/cpu.stat")
      guard let microseconds = text.flatMap({ KernelText.fields($0)["usage_usec"] }) else {
        return nil
      }
      let (time, isTooMuch) = microseconds.multipliedReportingOverflow(by: 1000)
      return isTooMuch ? nil : time
    }
  }

  /// Bytes written to disks; nil if the group doesn't account for them. Version 1 does so only for writes that
  /// go past the page cache, so it is no source for this.
  ///
  /// - Parameter isStacked: whether a disk, `253:0`, stands on others, which count the same bytes once more.
  func written(isStacked: (Substring) -> Bool = Self.isStacked) -> UInt64? {
    guard version == .v2, let text = file("io.stat") else { return nil }
    return Self.written(parsing: text, isStacked: isStacked)
  }

  /// Lines like `253:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6`.
  static func written(parsing text: String, isStacked: (Substring) -> Bool) -> UInt64 {
    var sum: UInt64 = 0
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let device = words.first, !isStacked(device) else { continue }
      for word in words.dropFirst() where word.hasPrefix("wbytes=") {
        sum &+= UInt64(word.dropFirst(7)) ?? 0
      }
    }
    return sum
  }

  static func isStacked(_ device: Substring) -> Bool {
    !names(in: "/sys/dev/block/\(device)/slaves").isEmpty
  }

  /// The processes in it and below.
  func processes() -> [pid_t] {
    Self.processes(in: memoryDirectory)
  }

  private static func processes(in directory: String) -> [pid_t] {
    let own = (ProcFiles.text(at: "\(directory)/cgroup.procs") ?? "")
      .split(separator: "\n").compactMap { pid_t($0) }
    return names(in: directory, directoriesOnly: true).reduce(into: own) { found, name in
      found += processes(in: "\(directory)/\(name)")
    }
  }

  private static func names(in path: String, directoriesOnly: Bool = false) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      if directoriesOnly && entry.pointee.d_type != UInt8(DT_DIR) { continue }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private func file(_ name: String) -> String? {
    ProcFiles.text(at: "\(memoryDirectory)/\(name)")
  }
}
