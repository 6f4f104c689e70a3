using Microsoft.ML;
using Swan.MLNet.Encoders;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Encoders;

/// <summary>In a process of its own, whose caches are in empty folders: ONNX Runtime reads the variable once.</summary>
public sealed class OnnxRuntimeTelemetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_that_embeds_leaves_no_file_behind() => Assert.Empty(FilesAfterEmbedding([]));

    [Fact]
    public void A_users_own_setting_of_telemetry_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ONNX Runtime keeps its files elsewhere on other systems.");
        Assert.NotEmpty(FilesAfterEmbedding(new() { [OnnxRuntimeTelemetry.Variable] = "0" }));
    }

    private string[] FilesAfterEmbedding(Dictionary<string, string> environment)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        string pipeline = _folder.File("pipeline.zip"), model = TinyModel.Write(_folder.FullName);
        using (SwanEmbeddingTransformer step = ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", model).Fit(data))
            ml.Model.Save(step, data.Schema, pipeline);
        string home = Directory.CreateDirectory(_folder.File("home")).FullName;
        environment["HOME"] = environment["USERPROFILE"] = environment["LOCALAPPDATA"] = home;
        environment["XDG_CACHE_HOME"] = Directory.CreateDirectory(Path.Combine(home, "cache")).FullName;
        Assert.NotEmpty(LoadOnlyProcess.Vector(LoadOnlyProcess.Run(environment, pipeline, "Text", "river"), 0, "Embedding"));
        return Directory.GetFiles(home, "*", SearchOption.AllDirectories);
    }
}
