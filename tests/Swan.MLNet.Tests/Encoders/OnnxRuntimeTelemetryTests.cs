using System.Text.Json.Nodes;
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
    public void A_program_that_embeds_turns_it_off_and_leaves_no_file_behind()
    {
        (string? setting, string[] files) = AfterEmbedding([]);
        Assert.Equal("1", setting);
        Assert.Empty(files);
    }

    // Not asserted: that ONNX Runtime then writes files. It does so on a thread of its own, and the process may end first.
    [Fact]
    public void A_users_own_setting_of_telemetry_stays() =>
        Assert.Equal("0", AfterEmbedding(new() { [OnnxRuntimeTelemetry.Variable] = "0" }).Setting);

    private (string? Setting, string[] Files) AfterEmbedding(Dictionary<string, string> environment)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        string pipeline = _folder.File("pipeline.zip"), model = TinyModel.Write(_folder.FullName);
        using (SwanEmbeddingTransformer step = ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", model).Fit(data))
            ml.Model.Save(step, data.Schema, pipeline);
        string home = Directory.CreateDirectory(_folder.File("home")).FullName;
        environment["HOME"] = environment["USERPROFILE"] = environment["LOCALAPPDATA"] = home;
        environment["XDG_CACHE_HOME"] = Directory.CreateDirectory(Path.Combine(home, "cache")).FullName;
        JsonNode report = LoadOnlyProcess.Run(environment, pipeline, "Text", "river");
        Assert.NotEmpty(LoadOnlyProcess.Vector(report, 0, "Embedding"));
        return ((string?)report["Telemetry"], Directory.GetFiles(home, "*", SearchOption.AllDirectories));
    }
}
