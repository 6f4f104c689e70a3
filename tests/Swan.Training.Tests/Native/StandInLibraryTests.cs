using System.Runtime.InteropServices;
using Swan.Training.Native;

namespace Swan.Training.Tests.Native;

public sealed class StandInLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_that_a_loaded_stand_in_has_as_its_name_is_not_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "needs glibc on x86-64");
        string hidden = _folder.File("hidden ü.so"), file = _folder.File("any.so");
        File.WriteAllText(hidden, "no library");
        Assert.False(NativeLibrary.TryLoad(hidden, out _));
        File.WriteAllBytes(file, StandInLibrary.Named(hidden));
        nint standIn = NativeLibrary.Load(file);
        Assert.True(NativeLibrary.TryLoad(hidden, out nint loaded));
        Assert.Equal(standIn, loaded);
        Assert.False(NativeLibrary.TryGetExport(loaded, "anything", out _));
    }
}
