/// devbench's own version, by semver.org; stored with every run.
package let devbenchVersion = "0.1.0"
