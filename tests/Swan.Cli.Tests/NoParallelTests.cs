// libtorch's random state and thread count belong to the process, and each test uses all cores as it is.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
