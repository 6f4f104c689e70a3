using System.Globalization;
using PostgresSearch;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.Samples.Tests.PostgresSearch;

/// <summary>Images in two regions with a file that is none, a model of six values, and the sample's commands on them.</summary>
internal sealed class Gallery : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Gallery()
    {
        Model = TinyModel.Write(_folder.FullName);
        Images = _folder.File("images");
        Write("north/bridge_1.png", seed: 1, "2025-01-10");
        Write("north/bridge_2.png", seed: 2, "2025-06-20");
        Write("south/harbor_1.png", seed: 3, "2025-06-21");
        Write("south/harbor_2.png", seed: 4, "2024-12-31");
        Write("photo.png", seed: 5, "2025-03-01");
        File.WriteAllText(Path.Combine(Images, "north", "broken_1.png"), "no image");
    }

    /// <summary>A model that is not <see cref="Model"/>.</summary>
    public static ModelIdentity OtherModel { get; } = new("other", new string('a', 64));

    public string Model { get; }

    public string Images { get; }

    public static string[] Paths { get; } =
        ["north/bridge_1.png", "north/bridge_2.png", "photo.png", "south/harbor_1.png", "south/harbor_2.png"];

    /// <summary>Writes an image, also over one that is there.</summary>
    public void Write(string path, int seed, string date)
    {
        string file = Path.Combine(Images, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        TinyImages.Write(Path.GetDirectoryName(file)!, Path.GetFileName(file), seed);
        File.SetLastWriteTimeUtc(
            file, DateTime.Parse($"{date}T12:00:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
    }

    /// <summary>Runs a command of the sample, which must succeed.</summary>
    public async Task<string> RunAsync(string connection, params string[] arguments)
    {
        (int code, string output, string errors) = await TryAsync(connection, arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    /// <summary>Runs a command of the sample, which must fail.</summary>
    public async Task<string> FailAsync(string connection, params string[] arguments)
    {
        (int code, string output, string errors) = await TryAsync(connection, arguments);
        Assert.True(code == 1, output);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return errors;
    }

    /// <summary>The paths that a search prints, best first.</summary>
    public async Task<string[]> SearchAsync(string connection, params string[] arguments) =>
        [.. Lines(await RunAsync(connection, ["search", .. arguments]))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])];

    /// <summary>What a search over all images must print: score and path, computed without a server.</summary>
    public (double Score, string Path)[] Expected(string caption, IEnumerable<string> paths)
    {
        using SwanModel model = SwanModel.Open(Model);
        float[] query = model.EmbedCaption(caption);
        return [.. paths.Select(path => (
                model.EmbedImage(Path.Combine(Images, path)).Zip(query).Sum(pair => (double)pair.First * pair.Second), path))
            .OrderByDescending(hit => hit.Item1)];
    }

    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public void Dispose() => _folder.Dispose();

    private async Task<(int Code, string Output, string Errors)> TryAsync(string connection, string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        int code = await CommandLine.RunAsync([.. arguments, "--connection", connection, "--model", Model], output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
