using System.Diagnostics;

namespace Swan.Cli.Tests;

/// <summary>The scripts of build/gpu, as far as they need no GPU.</summary>
public sealed class GpuScriptsTests : IDisposable
{
    private const int PartBytes = 1000;

    private readonly TemporaryFolder _folder = new();
    private readonly string _file, _parts, _joined;

    public GpuScriptsTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs bash");
        _file = _folder.File("weights.bin");
        _parts = _folder.File("parts");
        _joined = _folder.File("joined");
        byte[] bytes = new byte[2500];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_file, bytes);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_have_at_most_the_size_asked_for_and_join_to_the_file()
    {
        Split();
        Assert.Equal([1000, 1000, 500], Parts().Select(part => new FileInfo(part).Length));
        (int code, string said) = Run("join", _parts, _joined);
        Assert.True(code == 0, said);
        Assert.Equal(File.ReadAllBytes(_file), File.ReadAllBytes(Path.Combine(_joined, "weights.bin")));
    }

    [Fact]
    public void Parts_may_come_in_several_folders()
    {
        Split();
        string second = _folder.File("second");
        Directory.CreateDirectory(second);
        File.Move(Path.Combine(_parts, "weights.bin.part001"), Path.Combine(second, "weights.bin.part001"));
        (int code, string said) = Run("join", _parts, second, _joined);
        Assert.True(code == 0, said);
        Assert.Equal(File.ReadAllBytes(_file), File.ReadAllBytes(Path.Combine(_joined, "weights.bin")));
    }

    [Theory]
    [InlineData("damaged", "weights.bin.part001 is damaged")]
    [InlineData("cut", "weights.bin.part001 is damaged")]
    [InlineData("missing", "weights.bin.part001 is missing")]
    [InlineData("unlisted", "doesn't list all parts of weights.bin")]
    [InlineData("no list", "there is no list of parts")]
    public void A_part_that_is_not_right_is_named_and_no_file_written(string fault, string expected)
    {
        Split();
        string part = Path.Combine(_parts, "weights.bin.part001"), list = Path.Combine(_parts, "weights.bin.sha256");
        byte[] bytes = File.ReadAllBytes(part);
        bytes[10] ^= 1;
        if (fault == "damaged") File.WriteAllBytes(part, bytes);
        if (fault == "cut") File.WriteAllBytes(part, bytes[..^1]);
        if (fault == "missing") File.Delete(part);
        string[] lines = File.ReadAllLines(list);
        if (fault == "unlisted") File.WriteAllLines(list, lines.Where(l => !l.EndsWith("part001", StringComparison.Ordinal)));
        if (fault == "no list") File.Delete(list);
        (int code, string said) = Run("join", _parts, _joined);
        Assert.Equal(1, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        if (Directory.Exists(_joined)) Assert.Empty(Directory.EnumerateFileSystemEntries(_joined));
    }

    [Fact]
    public void Symbols_that_a_libtorch_lacks_are_listed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads Linux libraries");
        string torchSharp = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        (int code, string said) = Run("missing-symbols", torchSharp, AppContext.BaseDirectory);
        Assert.True(code == 0, said);
        Assert.Contains("; 0 of them are in none of libc10.so, libtorch_cpu.so", said, StringComparison.Ordinal);

        string poor = _folder.File("poor");
        Directory.CreateDirectory(poor);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "libc10.so"), Path.Combine(poor, "libc10.so"));
        (code, said) = Run("missing-symbols", torchSharp, poor);
        Assert.Equal(1, code);
        Assert.Contains("\nmissing: _ZN2at11TensorMaker11make_tensorEv\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("missing: malloc", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_library_is_an_error_and_not_a_list_of_symbols()
    {
        Assert.Equal(2, Run("missing-symbols", _file, AppContext.BaseDirectory).Code);
        (int code, string said) = Run("missing-symbols", Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"), _folder.FullName);
        Assert.Equal(2, code);
        Assert.Contains("has none of libc10.so", said, StringComparison.Ordinal);
    }

    private void Split()
    {
        (int code, string said) = Run("split", _file, _parts, PartBytes.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(code == 0, said);
    }

    private IEnumerable<string> Parts() => Directory.EnumerateFiles(_parts, "*.part*").Order(StringComparer.Ordinal);

    private static (int Code, string Said) Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "build", "gpu", script), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
