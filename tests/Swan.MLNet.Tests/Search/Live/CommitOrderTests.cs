using System.Text.RegularExpressions;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

/// <summary>What a commit asks of the disk, in which order, and what becomes of it where the disk refuses: seen by strace.</summary>
public sealed partial class CommitOrderTests : IDisposable
{
    private const string Calls = "fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat";

    private readonly LiveFolder _folder = new();

    public CommitOrderTests()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        writer.UpsertMany(["a", "c", "old"], [0, 1, 0, 1, 0, 0, 0, 0, 1]);
        writer.Commit();
        writer.Upsert("b", [0, 1, 0]);
        writer.Remove("a");
        writer.Commit();
    }

    private string Segments => Path.Combine(_folder.Index, "segments");

    private string Manifest => Path.Combine(_folder.Index, "manifest.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_file_is_on_disk_before_a_manifest_names_it()
    {
        (Call[] calls, string output) = Commit();
        Assert.Equal("committed 4\nreaders see 4: new, not old\n", output);
        int manifest = Array.FindIndex(calls, call => call.Name == "rename" && call.To == Manifest);
        int safe = Array.FindIndex(calls, manifest, call => call.Name == "fsync" && call.Path == _folder.Index);
        Assert.True(safe > manifest, "The manifest's name is brought to disk.");
        int[] written = [.. Enumerable.Range(0, calls.Length).Where(i =>
            calls[i].Name == "rename" && Path.GetDirectoryName(calls[i].To) == Segments)];
        Assert.Equal(
            [".deleted", ".segment"], written.Select(i => Path.GetExtension(calls[i].To)).Order(StringComparer.Ordinal));
        foreach (int rename in written.Append(manifest))
        {
            Assert.True(
                Array.FindIndex(calls, call => call.Name == "fsync" && call.Path == calls[rename].Path) is >= 0 and var at && at < rename,
                $"'{calls[rename].Path}' is renamed before it is on disk.");
        }
        Assert.All(written, rename => Assert.True(
            Array.FindIndex(calls, rename, call => call.Name == "fsync" && call.Path == Segments) is >= 0 and var at && at < manifest,
            $"The manifest names '{calls[rename].To}' before its name is on disk."));
        // The manifest before still names them, and a power cut could bring it back.
        int[] removed = [.. Enumerable.Range(0, calls.Length).Where(i =>
            calls[i].Name == "unlink" && Path.GetDirectoryName(calls[i].Path) == Segments
            && !calls[i].Path.Contains(".writing-", StringComparison.Ordinal))];
        Assert.NotEmpty(removed);
        Assert.All(removed, at => Assert.True(at > safe, $"'{calls[at].Path}' is removed before the manifest is safe."));
    }

    [Theory]
    [InlineData("segments/.writing-0000000003.segment", "readers see 3: not new, old")]
    [InlineData("segments/.writing-0000000001.0000000004.deleted", "readers see 3: not new, old")]
    [InlineData("segments", "readers see 3: not new, old")]
    [InlineData(".writing-manifest.json", "readers see 3: not new, old")]
    [InlineData("", "readers see 4: new, not old")]
    public void A_commit_that_the_disk_can_not_keep_fails_with_words(string path, string seen)
    {
        path = Path.TrimEndingDirectorySeparator(Path.Combine(_folder.Index, path));
        int nth = 1;
        if (path == _folder.Index)
        {
            // Taking the lock and opening the writer do so, too.
            string rehearsal = _folder.Path("rehearsal");
            using (SwanLiveIndex index = _folder.Open()) index.CopyTo(rehearsal);
            Call[] calls = Commit(rehearsal).Calls;
            int manifest = Array.FindIndex(calls, call => call.Name == "rename" && call.To == Path.Combine(rehearsal, "manifest.json"));
            nth += calls[..manifest].Count(call => call.Name == "fsync" && call.Path == rehearsal);
        }
        string[] output = Commit(_folder.Index, "-P", path, "-e", $"inject=fsync:error=EIO:when={nth}").Output.Split('\n');
        Assert.StartsWith("failed: ", output[0], StringComparison.Ordinal);
        Assert.Contains("put/output error", output[0], StringComparison.Ordinal);
        Assert.Equal(path == _folder.Index, output[0].Contains("is complete, and searches use it", StringComparison.Ordinal));
        // What failed can be done again.
        Assert.Equal([seen, $"committed {(path == _folder.Index ? 5 : 4)}"], output[1..3]);
        Assert.EndsWith("new, not old", output[3], StringComparison.Ordinal);
        using SwanLiveIndex again = _folder.Open();
        again.Verify();
        Assert.Equal(3, again.Count);
    }

    [Fact]
    public void A_new_index_is_on_disk_with_all_folders_that_it_made()
    {
        string high = _folder.Path("high"), index = Path.Combine(high, "low", "index");
        Call[] calls = Commit(index).Calls;
        string[] made = [Path.GetDirectoryName(high)!, high, Path.Combine(high, "low"), index];
        Assert.All(made, folder => Assert.Contains(calls, call => call.Name == "fsync" && call.Path == folder));
    }

    private (Call[] Calls, string Output) Commit() => Commit(_folder.Index);

    private (Call[] Calls, string Output) Commit(string folder, params string[] strace)
    {
        Assert.SkipUnless(CanTrace(), "strace isn't installed, or nothing may be traced here.");
        string trace = _folder.Path($"trace-{Guid.NewGuid():N}");
        string program = Path.Combine(LoadOnlyProcess.Folder("Swan.KillIndex"), "Swan.KillIndex.dll");
        (int code, string output, string errors) = ChildProcess.Finish(
            "strace", ["-f", "-y", "-s", "4096", "-e", $"trace={Calls}", "-o", trace, .. strace, "dotnet", program, "commit", folder]);
        Assert.True(code == 0, $"{code}\n{output}\n{errors}");
        return ([.. Whole(File.ReadLines(trace)).Select(Call.Read).OfType<Call>()], output);
    }

    // A call that another thread's comes between is on two lines.
    private static IEnumerable<string> Whole(IEnumerable<string> lines)
    {
        const string Unfinished = "<unfinished ...>", Resumed = " resumed>";
        var begun = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string thread = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            int resumed = line.IndexOf(Resumed, StringComparison.Ordinal);
            if (line.EndsWith(Unfinished, StringComparison.Ordinal)) begun[thread] = line[..^Unfinished.Length];
            else yield return resumed < 0 ? line : begun[thread] + line[(resumed + Resumed.Length)..];
        }
    }

    private static bool CanTrace()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return ChildProcess.Finish("strace", ["-f", "-o", "/dev/null", "true"]).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>A call that succeeded, or was begun.</summary>
    private sealed partial record Call(string Name, string Path, string To)
    {
        public static Call? Read(string line)
        {
            if (Renamed().Match(line) is { Success: true } renamed)
                return new Call("rename", renamed.Groups["from"].Value, renamed.Groups["to"].Value);
            if (Synchronized().Match(line) is { Success: true } synchronized)
                return new Call("fsync", synchronized.Groups["path"].Value, "");
            return Unlinked().Match(line) is { Success: true } unlinked ? new Call("unlink", unlinked.Groups["path"].Value, "") : null;
        }

        [GeneratedRegex("""rename(at2?)?\((AT_FDCWD(<[^>]*>)?, )?"(?<from>[^"]+)", (AT_FDCWD(<[^>]*>)?, )?"(?<to>[^"]+)".*= 0$""")]
        private static partial Regex Renamed();

        [GeneratedRegex("""f(data)?sync\(\d+<(?<path>[^>]+)>.*= 0$""")]
        private static partial Regex Synchronized();

        [GeneratedRegex("""unlink(at)?\((AT_FDCWD(<[^>]*>)?, )?"(?<path>[^"]+)".*= 0$""")]
        private static partial Regex Unlinked();
    }
}
