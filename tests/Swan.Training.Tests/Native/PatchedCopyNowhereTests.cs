using Swan.Training.Native;

namespace Swan.Training.Tests.Native;

/// <summary>A <see cref="PatchedCopy"/> where no folder can be written to: in a process whose temporary folder is a file.</summary>
public sealed class PatchedCopyNowhereTests
{
    [Fact]
    public void Where_no_folder_can_be_written_to_the_variables_to_set_are_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has libLibTorchSharp.so");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("no-folder"), ""); // in which not even root can make one
        ChildProcess.Passes(typeof(PatchedCopyNowhereTests).Assembly.Location, typeof(PatchedCopyNowhereTests), nameof(Written_nowhere),
            environment: ("TMPDIR", folder.File("no-folder")));
    }

    [Fact(Explicit = true)]
    public void Written_nowhere()
    {
        string shipped = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        foreach (string userFolder in (string[])[Path.GetTempPath(), ""])
        {
            var e = Assert.Throws<SwanTrainingException>(() => PatchedCopy.Of(shipped, userFolder));
            Assert.Contains("Set XDG_DATA_HOME or TMPDIR to a writable folder", e.Message, StringComparison.Ordinal);
            Assert.True(e.InnerException is IOException or UnauthorizedAccessException);
        }
    }
}
