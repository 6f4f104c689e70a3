using System.CommandLine;
using System.Diagnostics;
using Swan.Benchmarks.Looks;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Commands;

/// <summary>Perceptual hashes: false alarms among different pictures, missed copies, and what a hash takes.</summary>
internal static class LooksCommand
{
    private const int Shown = 12, Passes = 20;
    private static readonly string[] FlatScenes = ["desert", "forest", "meadow", "mountain", "beach"];
    private static readonly Option<string?> Copies = new("--copies")
    {
        Description = "File with a pair of image names a line that are known to be copies. They are no false alarms.",
    };
    private static readonly Option<bool> Pairs = new("--pairs")
    {
        Description = $"Name the pairs that are at most {PerceptualHash.LookAlikeDistance} apart, too.",
    };

    public static Command Create()
    {
        var command = new Command("looks",
            "False alarms of perceptual hashes among all pairs of a folder's images, and copies that they miss, by distance.")
        {
            SharedOptions.Images, Copies, Pairs, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(SharedOptions.Images), parsed.GetValue(Copies), parsed.GetValue(Pairs),
            parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string folder, string? copiesFile, bool pairs, string? json)
    {
        string[] names = [.. ImageFolder.List(folder)];
        if (names.Length < 2) throw new InvalidDataException($"'{folder}' has {names.Length} images; expected at least 2.");
        HashSet<(int, int)> copies = ReadCopies(copiesFile, names);
        string?[] scenes = Array.ConvertAll(names, CaptionedImage.SceneOf);
        ulong[][][] hashes = Hash(folder, names);
        long all = (long)names.Length * (names.Length - 1) / 2;
        Console.WriteLine($"  {names.Length:N0} images, {all:N0} pairs, {copies.Count} of them known copies");
        var figures = new List<object>();
        for (int h = 0; h < LookHash.All.Count; h++)
        {
            var result = new LookAlikes(hashes[h][0], hashes[h][1..], scenes, copies);
            Console.WriteLine($"\n  {LookHash.All[h].Name}: {result.WithoutHash} images without a hash");
            Print(result, all, names.Length);
            if (h == 0 && pairs)
            {
                foreach ((int first, int second, int distance) in result.Closest(PerceptualHash.LookAlikeDistance))
                    Console.WriteLine($"  {distance} {names[first]} {names[second]}{(copies.Contains((first, second)) ? " (known)" : "")}");
            }
            figures.Add(new
            {
                hash = LookHash.All[h].Name, result.WithoutHash,
                distances = Enumerable.Range(0, LookAlikes.Farthest + 1).Select(d => new
                {
                    distance = d, alarms = result.Alarms(d), images = result.Alarmed(d),
                    scenes = FlatScenes.ToDictionary(s => s, s => result.Alarms(d, s)),
                    misses = Alteration.All.Select((a, i) => (a.Name, Count: result.Misses[i][d])).ToDictionary(m => m.Name, m => m.Count),
                }),
            });
        }

        (double small, double large) = Time();
        Console.WriteLine($"\n  {LookHash.All[0].Name}: {small * 1e6:F0} µs for 224×224 pixels, {large * 1e3:F0} ms for 10,000×10,000");
        Report.Write(json, "looks", new { images = names.Length, pairs = all, copies = copies.Count, hashes = figures, small, large });
    }

    private static HashSet<(int, int)> ReadCopies(string? file, string[] names)
    {
        HashSet<(int, int)> copies = [];
        if (file is null) return copies;
        foreach (string line in File.ReadLines(file).Where(l => l.Length > 0))
        {
            int[] at = Array.ConvertAll(line.Split(' '), name => Array.IndexOf(names, name));
            if (at is not [>= 0, >= 0]) throw new InvalidDataException($"'{file}': '{line}' doesn't name two images of the folder.");
            copies.Add((at.Min(), at.Max()));
        }

        return copies;
    }

    // [hash][0 for the image as it is, then the alterations][image]
    private static ulong[][][] Hash(string folder, string[] names)
    {
        ulong[][][] hashes =
            [.. LookHash.All.Select(_ => Enumerable.Range(0, 1 + Alteration.All.Count).Select(_ => new ulong[names.Length]).ToArray())];
        Parallel.For(0, names.Length, i =>
        {
            RgbImage original = ImageDecoder.Decode(Path.Combine(folder, names[i]));
            for (int a = 0; a <= Alteration.All.Count; a++)
            {
                RgbImage picture = a == 0 ? original : Alteration.All[a - 1].Apply(original);
                for (int h = 0; h < LookHash.All.Count; h++) hashes[h][a][i] = LookHash.All[h].Compute(picture);
            }
        });
        return hashes;
    }

    private static void Print(LookAlikes result, long pairs, int images) => Report.Table(
        [
            "distance", "alarms", "a million pairs", "images", .. FlatScenes,
            .. Alteration.All.Select(a => $"missed, {a.Name}"),
        ],
        Enumerable.Range(0, Shown + 1).Select(string[] (d) =>
        [
            $"{d}", $"{result.Alarms(d):N0}", $"{1e6 * result.Alarms(d) / pairs:G2}", $"{result.Alarmed(d):N0}",
            .. FlatScenes.Select(s => $"{result.Alarms(d, s):N0}"),
            .. result.Misses.Select(m => $"{100.0 * m[d] / images:F2} %"),
        ]));

    private static (double Small, double Large) Time()
    {
        return (Median(224), Median(10_000));

        static double Median(int side)
        {
            var pixels = new byte[side * side * 3];
            new Random(1).NextBytes(pixels);
            var picture = new RgbImage(side, side, pixels);
            int repeats = Math.Max(1, 1_000_000 / (side * side)), passes = side > 1000 ? 3 : Passes;
            return Report.Median(Enumerable.Range(0, passes).Select(_ =>
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < repeats; i++) PerceptualHash.Compute(picture);
                return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
            }));
        }
    }
}
