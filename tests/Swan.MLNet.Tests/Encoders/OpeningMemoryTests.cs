using System.Runtime;
using Microsoft.ML;
using Swan.MLNet.Encoders;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Encoders;

/// <summary>When opening an encoder has .NET collect, in a process that is the application's.</summary>
public sealed class OpeningMemoryTests
{
    private const long Large = 100 << 20;

    [Theory]
    [InlineData(Large, GCLatencyMode.Interactive, true)]
    [InlineData(8 << 20, GCLatencyMode.Interactive, true)]
    [InlineData(1 << 20, GCLatencyMode.Interactive, false)] // whatever else the process has in memory
    [InlineData(Large, GCLatencyMode.Batch, false)] // a collection would stop all threads
    [InlineData(Large, GCLatencyMode.LowLatency, false)]
    [InlineData(Large, GCLatencyMode.SustainedLowLatency, false)]
    [InlineData(Large, GCLatencyMode.NoGCRegion, false)]
    public void Only_a_large_encoder_in_a_concurrent_process_is_collected(long bytes, GCLatencyMode mode, bool expected) =>
        Assert.Equal(expected, OpeningMemory.AppliesTo(bytes, mode));

    [Fact]
    public void A_switch_that_can_not_be_understood_is_named()
    {
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        using var folder = new TemporaryFolder();
        string saved = folder.File("captions.zip");
        var captions = new SwanEmbeddingOptions { Input = SwanInput.Caption };
        // The library's own model, which is large enough.
        using (SwanEmbeddingTransformer fitted = ml.Transforms.SwanEmbedding("Embedding", nameof(TextRow.Text), captions).Fit(rows))
            ml.Model.Save(fitted, rows.Schema, saved);

        (int code, _, string errors) = Load(saved, "no");
        Assert.NotEqual(0, code);
        Assert.Contains("SWAN_GIVE_MEMORY_BACK is 'no'; expected 0 (no) or 1 (yes)", errors, StringComparison.Ordinal);
        (code, _, errors) = Load(saved, "0");
        Assert.True(code == 0, errors);
    }

    private static (int Code, string Output, string Errors) Load(string saved, string value) => LoadOnlyProcess.Run(
        "Swan.LoadOnly", [saved, nameof(TextRow.Text), "river"], new Dictionary<string, string> { [OpeningMemory.Variable] = value });
}
