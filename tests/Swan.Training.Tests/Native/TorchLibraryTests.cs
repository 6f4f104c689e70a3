using System.Diagnostics;
using System.Runtime.CompilerServices;
using Swan.Training.Native;
using TorchSharp;

namespace Swan.Training.Tests.Native;

/// <summary>Which libtorch a process ends up with. Each case is a process: this program, with one of the explicit tests.</summary>
public sealed class TorchLibraryTests
{
    private const string Late = "LATE_LIBTORCH";
    private static readonly Type Self = typeof(TorchLibraryTests);

    [Fact]
    public void Natives_that_only_the_system_finds_are_taken()
    {
        using ProgramCopy program = new();
        program.MoveNatives("elsewhere");
        program.Passes(
            typeof(TorchDeviceTests), nameof(TorchDeviceTests.The_cpu_is_taken_when_asked_for), isExplicit: false,
            ("LD_LIBRARY_PATH", program.File("elsewhere")));
    }

    [Fact]
    public void A_folder_that_is_named_after_libtorch_was_used_is_refused()
    {
        using ProgramCopy program = new();
        program.Passes(Self, nameof(Used_then_named), isExplicit: true, (Late, program.EmptyLibTorch()));
    }

    [Fact]
    public void After_a_refusal_no_call_reaches_a_libtorch()
    {
        using ProgramCopy program = new();
        program.Passes(Self, nameof(Refused_then_used), isExplicit: true, ("SWAN_LIBTORCH", program.EmptyLibTorch()));
    }

    [Fact]
    public void A_temporary_folder_that_cannot_be_written_to_is_named_before_anything_is_loaded()
    {
        using ProgramCopy program = new();
        program.Passes(
            Self, nameof(Refused_without_stand_ins), isExplicit: true, ("SWAN_LIBTORCH", program.EmptyLibTorch()),
            ("TMPDIR", program.File("nowhere")));
    }

    [Fact(Explicit = true)]
    public void Used_then_named()
    {
        Assert.Equal(6, UseTorch());
        Environment.SetEnvironmentVariable("SWAN_LIBTORCH", Environment.GetEnvironmentVariable(Late));
        var e = Assert.Throws<SwanTrainingException>(TorchLibrary.Require);
        Assert.Contains("already uses another libtorch", e.Message, StringComparison.Ordinal);
        Assert.Contains("a process can't load two", e.Message, StringComparison.Ordinal);
        Assert.Equal(6, UseTorch());
    }

    [Fact(Explicit = true)]
    public void Refused_then_used()
    {
        var e = Assert.Throws<SwanTrainingException>(TorchLibrary.Require);
        Assert.Contains("too old to report its version", e.Message, StringComparison.Ordinal);
        Assert.NotNull(Record.Exception(() => UseTorch()));
        Assert.Equal(0, Loaded());
    }

    [Fact(Explicit = true)]
    public void Refused_without_stand_ins()
    {
        var e = Assert.Throws<SwanTrainingException>(TorchLibrary.Require);
        Assert.Contains("Set TMPDIR to a writable folder", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, Loaded());
        Record.Exception(() => UseTorch()); // whichever comes of it, it ends no process
    }

    // Not inlined: the static constructor of TorchSharp's types must not run before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float UseTorch()
    {
        using torch.Tensor sum = torch.ones(2, 3).sum();
        return sum.item<float>();
    }

    // The empty one has a few hundred bytes, a libtorch hundreds of megabytes: what takes part is what is large.
    private static int Loaded() => File.ReadLines("/proc/self/maps").Count(line =>
    {
        string[] range = line.Split(' ', 2)[0].Split('-');
        return line.EndsWith("libtorch_cpu.so", StringComparison.Ordinal)
            && Convert.ToInt64(range[1], 16) - Convert.ToInt64(range[0], 16) > 1 << 20;
    });

    /// <summary>This program as where libstdc++ is new: TorchSharp's library loads as it lies there. All else is hard links.</summary>
    private sealed class ProgramCopy : IDisposable
    {
        private static readonly string Own = AppContext.BaseDirectory.TrimEnd('/');
        private readonly string _folder = $"{Own}-{Guid.NewGuid():N}"; // beside it: a link can't lead to another file system

        public ProgramCopy()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "SWAN_LIBTORCH is read on Linux");
            using (Process copying = Process.Start("cp", ["-al", Own, _folder])) copying.WaitForExit();
            string library = File("libLibTorchSharp.so");
            byte[] image = System.IO.File.ReadAllBytes(library);
            Assert.NotEqual(0, ElfSymbolVersion.Lower(image));
            System.IO.File.Delete(library); // a link to the package's file, which must stay as it is
            System.IO.File.WriteAllBytes(library, image);
        }

        public string File(string name) => Path.Combine(_folder, name);

        public void MoveNatives(string name)
        {
            Directory.CreateDirectory(File(name));
            foreach (string start in (string[])["libtorch", "libc10", "libgomp", "libLibTorchSharp"])
            foreach (string file in Directory.GetFiles(_folder, start + "*"))
                System.IO.File.Move(file, Path.Combine(File(name), Path.GetFileName(file)));
        }

        /// <summary>A folder with a libtorch that loads and has nothing.</summary>
        public string EmptyLibTorch()
        {
            Directory.CreateDirectory(File("empty"));
            System.IO.File.WriteAllBytes(Path.Combine(File("empty"), "libtorch_cpu.so"), StandInLibrary.Named("libtorch_cpu.so"));
            return File("empty");
        }

        public void Passes(Type type, string test, bool isExplicit, params (string Name, string Value)[] environment) =>
            ChildProcess.Passes(File("Swan.Training.Tests.dll"), type, test, isExplicit, environment);

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
