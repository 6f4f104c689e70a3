using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.SceneSearch.Tests;

/// <summary>A server of six images, by a tiny model with a calibration.</summary>
internal sealed class ServedImages : IAsyncDisposable
{
    private const int Images = 6;
    private readonly TemporaryFolder _folder = new();

    public RunningServer Server { get; private set; } = null!;

    /// <summary>Draws images, indexes and serves them.</summary>
    /// <param name="bias">Of the calibration: far below 0, it says that nothing fits.</param>
    public static async Task<ServedImages> StartAsync(double bias)
    {
        var served = new ServedImages();
        string images = Directory.CreateDirectory(served._folder.File("images")).FullName;
        string path = served._folder.File("calibrated.swan"), index = served._folder.File("index");
        var file = SwanModelFile.Read(TinyModel.Write(served._folder.FullName));
        file.WithCalibration(TinyCalibration.Create(file, bias: bias).ToJson()).Save(path);
        using (var model = SwanModel.Open(path))
        using (var made = SwanLiveIndex.Create(index, new SwanIndexSettings(model.EmbeddingSize) { Model = model.Card.Identity }))
        using (SwanIndexWriter writer = made.OpenWriter())
        {
            for (int i = 0; i < Images; i++)
            {
                TinyImages.Write(images, $"{i}.png", seed: i);
                writer.Upsert($"{i}.png", model.EmbedImage(Path.Combine(images, $"{i}.png")));
            }
            writer.Commit();
        }
        served.Server = await RunningServer.StartAsync(
            new ServerOptions { Index = index, Images = images, Model = path, Urls = "http://127.0.0.1:0" });
        return served;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
