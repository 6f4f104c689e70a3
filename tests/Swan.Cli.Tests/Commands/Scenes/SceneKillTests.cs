using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Scenes;
using Swan.Geo.Tests.Search;
using Swan.MLNet.Search;

namespace Swan.Cli.Tests.Commands;

/// <summary>Kills 'swan scene index' and looks what is left: build/kill-scenes does it hundreds of times.</summary>
public sealed class SceneKillTests : IDisposable
{
    private const int WindowsOfAScene = 9, Scenes = 8;

    // All that change a file but write, of which .NET itself makes many.
    private const string Calls = "rename,renameat2,fsync,ftruncate,unlink,pwrite64";

    private readonly IndexedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_indexer_goes_on_to_the_index_of_an_undisturbed_one()
    {
        int kills = Number("SWAN_KILLS", otherwise: 4), killed = 0;
        var random = new Random(Number("SWAN_SEED", otherwise: 1));
        string index = _folder.File("index");
        for (int round = 0; killed < kills; round++)
        {
            Change(round);
            (SortedDictionary<string, float[]> expected, TimeSpan time) = await Undisturbed(round);
            // From the start of the process to its end, and of a few kills each in another part of it.
            for (bool ended = false; !ended && killed < kills;)
            {
                double moment = kills < 10 ? (killed + random.NextDouble()) / kills : random.NextDouble();
                using SwanProcess process = SwanProcess.Start(Command(index));
                Task<int> end = process.Ended();
                ended = await Task.WhenAny(end, Task.Delay(moment * time, TestContext.Current.CancellationToken)) == end;
                if (!ended)
                {
                    await process.Kill();
                    killed++;
                }
                Assert.Equal(ended ? 0 : 128 + 9, await end);
                MustBeWhole(index);
            }
            await Done(index);
            MustBe(expected, index);
        }
    }

    [Fact]
    public async Task A_scene_whose_indexer_was_killed_goes_on_where_it_was()
    {
        // Windows of 64 pixels, every 32 of them: 106 by 106. The first 5,000 are committed by themselves.
        const int Side = 3_400, Windows = 106 * 106, Committed = 5_000;
        DrawnScene.Write(_folder.Path("large.tif"), Side, Side, DrawnScene.Utm32(200 / 64.0));
        string index = _folder.File("index"), rows = Path.Combine(index, "rows"), whole = _folder.File("whole");
        using (SwanProcess process = SwanProcess.Start(Command(index)))
        {
            await process.Until(() => File.Exists(Path.Combine(rows, "manifest.json")), "an index");
            using SwanLiveIndex live = SwanLiveIndex.Open(rows, new SwanLiveIndexOptions { RefreshInterval = TimeSpan.Zero });
            await process.Until(() => live.Count >= Committed, "a commit");
            await process.Kill();
            Assert.InRange(live.Count, Committed, Windows - 1);
        }
        using (SwanSceneIndex open = SwanSceneIndex.Open(index)) Assert.Equal((0, 0L), (open.SceneCount, open.WindowCount));
        JsonNode again = await TinyGallery.Json(Command(index));
        Assert.Equal(Windows, (long)again["windows"]!);
        Assert.InRange((long)again["embeddedWindows"]!, 1, Windows - Committed);
        await TinyGallery.Json(Command(whole));
        SortedDictionary<string, float[]> expected = RowsOf(whole), found = RowsOf(index);
        Assert.Equal(expected.Keys, found.Keys);
        Assert.All(expected, row => Assert.Equal(row.Value, found[row.Key]));
    }

    // Some hundred processes, for minutes.
    [Fact(Explicit = true)]
    public async Task An_indexer_that_is_killed_at_any_of_its_calls_goes_on()
    {
        Assert.SkipUnless(CanTrace(), "strace isn't installed, or nothing may be traced here.");
        string before = _folder.File("before"), index = _folder.File("index");
        Change(0);
        await Done(before);
        Change(1);
        (SortedDictionary<string, float[]> expected, _) = await Undisturbed(1);
        int at = 1, code;
        do
        {
            if (Directory.Exists(index)) Directory.Delete(index, recursive: true);
            Copy(before, index);
            (code, _, string errors) = ChildProcess.Finish("strace",
            [
                "-f", "-qq", "-o", "/dev/null", "-e", $"trace={Calls}", "-e",
                FormattableString.Invariant($"inject={Calls}:signal=KILL:when={at}"),
                "dotnet", SwanProcess.Program, .. Command(index),
            ]);
            Assert.True(code is 0 or 128 + 9, $"{code}\n{errors}");
            MustBeWhole(index);
            await Done(index);
            MustBe(expected, index);
            at++;
        }
        while (code != 0);
        // strace counts each thread's calls by themselves; the one that works makes some for each scene.
        Assert.InRange(at, 20, 2_000);
    }

    [Fact]
    public async Task A_search_beside_an_indexer_finds_whole_scenes()
    {
        Change(0);
        string index = _folder.File("index");
        await Done(index);
        using SwanSceneIndex open = SwanSceneIndex.Open(index);
        Change(1);
        using SwanProcess process = SwanProcess.Start(Command(index));
        Task<int> ended = process.Ended();
        while (!ended.IsCompleted) Assert.All(_folder.Found(open), scene => Assert.Equal(WindowsOfAScene, scene.Value));
        Assert.Equal(0, await ended);
        Assert.Equal(Scenes - 1, _folder.Found(open).Count);
    }

    // Some scenes are written again, one is new and one is gone; one is broken from the beginning.
    private void Change(int round)
    {
        for (int i = 0; i < Scenes; i++)
        {
            string name = $"{i % 3}/scene{i}.tif";
            if (round > 0 && i == (round + 1) % Scenes) File.Delete(_folder.Path(name));
            else if (round == 0 || i % 2 == round % 2) _folder.Draw(name, round);
        }
        if (round == 0) DamagedScene.Break(_folder.Draw("broken.tif", height: 1_200));
    }

    private async Task<(SortedDictionary<string, float[]> Rows, TimeSpan Time)> Undisturbed(int round)
    {
        string whole = _folder.File($"whole{round}");
        var time = Stopwatch.StartNew();
        await Done(whole);
        TimeSpan elapsed = time.Elapsed;
        return (RowsOf(whole), elapsed);
    }

    private async Task Done(string index)
    {
        (int code, _, string errors) = await SwanProcess.Run(Command(index));
        Assert.True(code == 0, errors);
        Assert.Contains("broken.tif", errors, StringComparison.Ordinal);
    }

    // Between a kill and the next run: what a search finds are whole scenes, of before or of now.
    private void MustBeWhole(string index)
    {
        if (!File.Exists(Path.Combine(index, "scenes.json"))) return;
        _folder.Index = index;
        Assert.All(_folder.Found(), scene => Assert.Equal(WindowsOfAScene, scene.Value));
        _folder.Rows();
    }

    private void MustBe(SortedDictionary<string, float[]> expected, string index)
    {
        SortedDictionary<string, float[]> found = RowsOf(index);
        Assert.Equal(expected.Keys, found.Keys);
        Assert.All(expected, row => Assert.Equal(row.Value, found[row.Key]));
        MustBeWhole(index);
        Assert.Equal(expected.Count / WindowsOfAScene, _folder.Found().Count);
        Assert.Empty(Directory.GetFiles(index, "*.tmp", SearchOption.AllDirectories));
    }

    private SortedDictionary<string, float[]> RowsOf(string index)
    {
        _folder.Index = index;
        return _folder.Rows();
    }

    private string[] Command(string index) =>
        ["scene", "index", _folder.Scenes, "--out", index, "--model", _folder.ModelPath, "--ground", "200", "--device", "cpu"];

    private static void Copy(string from, string to)
    {
        (int code, _, string errors) = ChildProcess.Finish("cp", ["-a", from, to]);
        Assert.True(code == 0, errors);
    }

    private static bool CanTrace()
    {
        try
        {
            return OperatingSystem.IsLinux() && ChildProcess.Finish("strace", ["-f", "-o", "/dev/null", "true"]).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
