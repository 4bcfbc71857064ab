import Testing

@testable import Containers

@Suite struct EngineHostTests {
  @Test(
    "cgroups are told apart by their mounts",
    arguments: [
      ("31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", EngineHost.Cgroups.unified),
      (
        """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu rw shared:7 - cgroup cgroup rw,cpu
        41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        """, .hybrid
      ),
      (
        """
        31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
        32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
        """, .legacy
      ),
      ("", .unified),
    ])
  func cgroups(mounts: String, cgroups: EngineHost.Cgroups) {
    #expect(EngineHost.Cgroups(mounts: mounts) == cgroups)
  }

  @Test(
    "a path's file system is that of the nearest mount above it",
    arguments: [("/home/u/.local", "xfs"), ("/homes/u", "ext4"), ("/home", "xfs"), ("/", "ext4")])
  func fileSystem(path: String, type: String) {
    let mounts = """
      1 0 8:1 / / rw - ext4 /dev/a rw
      2 1 8:2 / /home rw - nfs4 server:/ rw
      3 1 8:3 / /home rw - xfs /dev/b rw
      """
    #expect(StorageLook.fileSystem(of: path, mounts: mounts) == type)
  }

  @Test(
    "overlay for ordinary users came with Linux 5.13",
    arguments: [
      ("5.12.9", false), ("5.13.0-arch", true), ("6.1.0-13-amd64", true), ("4.18.0-305.el8", false),
      ("6.18.44-fc-v657", true), ("", false),
    ])
  func kernel(release: String, hasOverlay: Bool) {
    #expect(StorageLook.hasRootlessOverlay(release: release) == hasOverlay)
  }

  @Test(
    "what a rootless engine lacks is told with the command that mends it",
    arguments: [
      (["newuidmap", "newgidmap", "slirp4netns"], "me:1:9", "me:1:9", nil, []),
      (["newuidmap", "newgidmap", "pasta"], "other:1:9\nme:1:9", "me:1:9", nil, []),
      (["slirp4netns"], "me:1:9", "me:1:9", nil, ["apt-get install uidmap"]),
      (["newuidmap", "newgidmap", "pasta"], "men:1:9", "me:1:9", nil, ["usermod --add-subuids"]),
      (["newuidmap", "newgidmap"], "me:1:9", "me:1:9", nil, ["apt-get install slirp4netns"]),
      (
        ["newuidmap", "newgidmap", "pasta"], "me:1:9", "me:1:9", "Permission denied",
        ["chmod 666 /dev/net/tun"]
      ),
    ] as [(Set<String>, String, String, String?, [String])])
  func lacks(
    programs: Set<String>, users: String, groups: String, tun: String?, mends: [String]
  ) {
    let needs = RootlessNeeds(
      user: "me", subordinateUsers: users, subordinateGroups: groups, programs: programs,
      tunFault: tun)
    let lacks = needs.lacks
    #expect(lacks.count == mends.count)
    for (lack, mend) in zip(lacks, mends) { #expect(lack.mend.contains(mend)) }
  }
}
