using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;

namespace Swan.Cli.Tests;

/// <summary>The scripts of build/gpu, as far as they need no GPU.</summary>
public sealed class GpuScriptsTests : IDisposable
{
    private const int PartBytes = 1000;

    private static readonly string Scripts = Path.Combine(Repository.Root, "build", "gpu");
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static bool HasPython =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3")));

    private readonly TemporaryFolder _folder = new();
    private readonly string _file, _parts, _joined;

    public GpuScriptsTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for GNU's tools (sha256sum, split, timeout, realpath)");
        Assert.SkipUnless(HasPython, "python3 is not there: two of the scripts are written in it");
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

    [Fact]
    public void Of_two_copies_of_a_part_the_whole_one_is_taken()
    {
        Split();
        string[] folders = [_folder.File("a"), _folder.File("b")];
        foreach ((string folder, string damaged) in folders.Zip((string[])["weights.bin.part000", "weights.bin.part001"]))
        {
            Directory.CreateDirectory(folder);
            foreach (string part in Parts()) File.Copy(part, Path.Combine(folder, Path.GetFileName(part)));
            File.AppendAllText(Path.Combine(folder, damaged), "more");
        }

        foreach (string part in Parts()) File.Delete(part);
        (int code, string said) = Run("join", _parts, folders[0], folders[1], _joined);
        Assert.True(code == 0, said);
        Assert.Equal(File.ReadAllBytes(_file), File.ReadAllBytes(Path.Combine(_joined, "weights.bin")));
    }

    [Fact]
    public void Parts_of_a_longer_file_do_not_stay_beside_those_of_a_shorter_one()
    {
        Split();
        File.WriteAllBytes(_file, File.ReadAllBytes(_file)[..1500]);
        Split();
        Assert.Equal([1000, 500], Parts().Select(part => new FileInfo(part).Length));
        (int code, string said) = Run("join", _parts, _joined);
        Assert.True(code == 0, said);
        Assert.Equal(1500, new FileInfo(Path.Combine(_joined, "weights.bin")).Length);
    }

    [Fact]
    public void Two_parts_and_their_lists_fill_a_delivery()
    {
        string[] numbers = [.. File.ReadLines(Path.Combine(Scripts, "pack")).Single(l => l.StartsWith("part=", StringComparison.Ordinal))
            .Split("$((", StringSplitOptions.None)[1..].Select(n => n.Split("))")[0])];
        int[] bytes = [.. numbers.Select(n => n.Split(" * ").Aggregate(1, (all, next) => all * int.Parse(next, Invariant)))];
        Assert.InRange((2 * bytes[0]) + 100_000, 1, bytes[1]);
    }

    [Fact]
    public void Relative_paths_are_taken_from_where_the_packing_is_started()
    {
        Directory.CreateDirectory(_folder.File("data"));
        foreach (string list in (string[])["train.jsonl", "val.jsonl"]) File.WriteAllText(Path.Combine(_folder.File("data"), list), "");
        (int code, string said) = RunFile(Path.Combine(Scripts, "pack"), "--data", "data", "--weights", "weights", "--out", "out");
        Assert.Equal(1, code);
        Assert.Contains(
            $"'{_folder.File("weights")}/efficientnet_lite0_imagenet.safetensors' is not there", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_delivery_without_executable_bits_is_unpacked_when_all_is_there()
    {
        string first = Delivery("first", "program.tar.xz", "weights.tar"), second = Delivery("second", "data.tar"), to = _folder.File("to");
        (int code, string said) = RunFile("bash", Path.Combine(first, "unpack"), to);
        Assert.Equal((0, "unpack: waiting for the delivery that has data.tar.sha256"), (code, said.Trim()));
        (code, said) = RunFile("bash", Path.Combine(second, "unpack"), to);
        Assert.True(code == 0, said);
        Assert.Equal(["data.tar", "program.tar.xz", "weights.tar"], Directory.EnumerateFiles(to).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_list_that_a_full_disk_cut_short_is_not_taken_for_a_whole_one()
    {
        string first = Delivery("first", "program.tar.xz", "weights.tar", "data.tar"), to = _folder.File("to");
        File.WriteAllText(Path.Combine(first, "data.tar.sha256"), "");
        (int code, string said) = RunFile("bash", Path.Combine(first, "unpack"), to);
        Assert.Equal((0, "unpack: waiting for the delivery that has data.tar.sha256"), (code, said.Trim()));
    }

    [Fact]
    public void A_delivery_that_cannot_be_copied_is_an_error()
    {
        string first = Delivery("first", "program.tar.xz", "weights.tar", "data.tar"), to = _folder.File("to");
        Directory.CreateDirectory(Path.Combine(to, "parts", "data.tar.part000")); // where a file must go
        Directory.CreateDirectory(Path.Combine(to, "parts", "data.tar.part000", "data.tar.part000"));
        Assert.NotEqual(0, RunFile("bash", Path.Combine(first, "unpack"), to).Code);
        Assert.True(Directory.Exists(Path.Combine(to, "parts")), "the parts that are there must stay");
        Assert.False(Directory.Exists(Path.Combine(to, "archives")), "nothing was to be joined");
    }

    // A delivery of files that are archives of themselves, with copies that have lost their executable bits.
    private string Delivery(string name, params string[] archives)
    {
        string folder = _folder.File(name);
        Directory.CreateDirectory(folder);
        foreach (string script in (string[])["join", "unpack"])
            File.WriteAllText(Path.Combine(folder, script), File.ReadAllText(Path.Combine(Scripts, script)));
        foreach (string archive in archives)
        {
            string content = _folder.File($"content of {archive}"), packed = _folder.File(archive);
            Directory.CreateDirectory(content);
            File.WriteAllText(Path.Combine(content, archive), archive);
            TarFile.CreateFromDirectory(content, packed, includeBaseDirectory: false);
            Assert.Equal(0, RunFile(Path.Combine(Scripts, "split"), packed, folder, "2000").Code);
        }

        return folder;
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
    public void Symbols_that_a_libtorch_lacks_are_listed_with_those_needed_to_load()
    {
        string torchSharp = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        (int code, string said) = Run("missing-symbols", torchSharp, AppContext.BaseDirectory);
        Assert.True(code == 0, said);
        Assert.Contains("; 0 of all are in none of libc10.so, libtorch_cpu.so", said, StringComparison.Ordinal);

        string poor = _folder.File("poor");
        Directory.CreateDirectory(poor);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "libc10.so"), Path.Combine(poor, "libc10.so"));
        (code, said) = Run("missing-symbols", torchSharp, poor);
        Assert.Equal(1, code);
        Assert.Contains("\nmissing: _ZN2at11TensorMaker11make_tensorEv\n", said, StringComparison.Ordinal);
        Assert.Contains("\nmissing, and needed to load: _ZTVN5torch2nn6ModuleE\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain(": malloc", said, StringComparison.Ordinal);
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
        (int code, string said) = Run("split", _file, _parts, PartBytes.ToString(Invariant));
        Assert.True(code == 0, said);
    }

    private IEnumerable<string> Parts() => Directory.EnumerateFiles(_parts, "*.part*").Order(StringComparer.Ordinal);

    private (int Code, string Said) Run(string script, params string[] arguments) => RunFile(Path.Combine(Scripts, script), arguments);

    private (int Code, string Said) RunFile(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
