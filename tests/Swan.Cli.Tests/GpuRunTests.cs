using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Swan.Cli.Tests;

/// <summary><c>build/gpu/run</c> as a whole, with a swan that is a script.</summary>
public sealed class GpuRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _gpu, _out;

    public GpuRunTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the scripts are for GNU's tools (sha256sum, split, timeout, realpath)");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "python3"))),
            "python3 is not there: two of the scripts are written in it");
        _gpu = _folder.File("program/gpu");
        _out = _folder.File("out");
        foreach (string folder in (string[])["program/gpu", "program/swan", "data/images", "weights", "torch/lib"])
            Directory.CreateDirectory(_folder.File(folder));
        foreach (string script in (string[])["run", "split", "torch-loop.py"])
            File.Copy(Path.Combine(Repository.Root, "build", "gpu", script), Path.Combine(_gpu, script));
        Write("program/gpu/recipe.json", "{}");
        Write("program/gpu/missing-symbols", "");
        foreach (string list in (string[])["train", "val"]) Write($"data/{list}.jsonl", "{}\n");
        Write("program/swan/swan", """
            #!/usr/bin/env bash
            echo "version=${SWAN_LIBTORCH_VERSION-} of $SWAN_LIBTORCH"
            [ "$1" != train ] || echo "asked for $*"
            [ "$1" != doctor ] || exec python3 "${0%/*}/doctor.py"
            out='' loss=''
            [ "$1" != train ] || loss=1
            while [ $# -gt 0 ]; do
              case $1 in --out) out=$2 ;; --device) [ "$2" = cpu ] || loss=$(cat "${0%/*}/loss") ;; esac
              shift
            done
            if [ -n "$loss" ] && [ -n "$out" ]; then
              mkdir -p "$out"
              printf '{"loss": %s, "imagesPerSecond": %s}\n' 9 5 "$loss" 123.44 "$loss" 7 >"$out/metrics.jsonl"
              echo "About 00:01 left (0.5 images/s)."
            elif [ -n "$out" ]; then echo model >"$out"; fi
            """);
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(_folder.File("program/swan/swan"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Write("program/swan/doctor.py", "");
        Write("program/swan/loss", "1.01");
        Write("torch/__init__.py", "__version__ = '2.11.0+cu130'\n");
        Write("torch/version.py", "__version__ = '2.11.0+cu130'\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_part_that_does_not_end_when_asked_is_ended_and_all_limits_fit()
    {
        Write("program/swan/doctor.py", """
            import signal, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("will not end", flush=True)
            time.sleep(100)
            print("answered late")
            """);
        (int code, string said) = Run(_out);
        Assert.Equal(1, code);
        Assert.Contains("will not end\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("answered late", said, StringComparison.Ordinal);
        Assert.Contains("cut off after 15 s", said, StringComparison.Ordinal);

        int[] limits = [.. Regex.Matches(said, "^== .*, at most ([0-9]+) s$", RegexOptions.Multiline)
            .Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        int grace = int.Parse(
            Regex.Match(File.ReadAllText(Path.Combine(_gpu, "run")), "grace=([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(10, limits.Length);
        const int LookingForTorch = 5;
        Assert.InRange(limits.Sum() + (limits.Length * grace) + LookingForTorch, 1, 300);
        Assert.True(said.IndexOf("== recipe", StringComparison.Ordinal) < said.IndexOf("== images/s", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.01", 0, "done")]
    [InlineData("1.03", 1, "failed 1")]
    [InlineData("NaN", 1, "failed 1")]
    public void Losses_must_agree_and_be_numbers(string loss, int expected, string ended)
    {
        Write("program/swan/loss", loss);
        (int code, string said) = Run(_out);
        Assert.True(code == expected, said);
        Assert.Matches($"\n{ended} +[0-9]+ s  check on cuda:0\n", said);
    }

    [Fact]
    public void The_recipe_ends_by_itself_before_it_is_cut_off()
    {
        string said = Run(_out).Said;
        double minutes = double.Parse(
            Regex.Match(said, "asked for train .*/recipe .*--minutes ([0-9.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        int limit = int.Parse(Regex.Match(said, "== recipe, at most ([0-9]+) s").Groups[1].Value, CultureInfo.InvariantCulture);
        const int StartAndValidation = 20;
        Assert.InRange((60 * minutes) + StartAndValidation, 1, limit);
    }

    [Fact]
    public void The_fastest_epoch_is_the_speed_that_the_summary_gives()
    {
        string said = Run(_out).Said, summary = said[said.IndexOf("== summary", StringComparison.Ordinal)..];
        Assert.Contains("by epoch: 5.0, 123.4, 7.0; the fastest: 123.4 images/s\n", said, StringComparison.Ordinal);
        Assert.Contains("images/s of resnet50 at 224 pixels in float32, at most 21 s: 123.4 images/s\n", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_that_python_has_is_allowed_for_its_own_folder_alone()
    {
        Assert.Contains($"version=2.11 of {_folder.File("torch/lib")}\n", Run(_out).Said, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("other"));
        Assert.Contains($"version= of {_folder.File("other")}\n", Run(_folder.File("out2"), _folder.File("other")).Said,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_refused()
    {
        Write("out/recipe.swan.part009", "of another run");
        (int code, string said) = Run(_out);
        Assert.Equal(2, code);
        Assert.Contains("isn't empty", said, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_out));
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text + "\n");
    }

    private (int Code, string Said) Run(string output, string libTorch = "")
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_gpu, "run"), output])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string value) in ((string, string)[])[("PYTHONPATH", _folder.FullName), ("SWAN_LIBTORCH", libTorch)])
            start.Environment[name] = value;
        start.Environment.Remove("SWAN_LIBTORCH_VERSION");
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + errors.Result);
    }
}
