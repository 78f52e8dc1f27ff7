import KeeperRuntime

/// Tests that take minutes run only where BAILIFF_SLOW is set.
package let slowTestsAreOn = ProcessEnvironment.all()["BAILIFF_SLOW"] != nil
