using System.Text.Json.Nodes;
using Swan.Batch.Output;

namespace Swan.Batch.Tests;

/// <summary>What a job that was begun with an earlier version relies on.</summary>
public sealed class BatchManifestTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static JobManifest Manifest => new()
    {
        ModelName = "tiny", ModelFingerprint = "f", EmbeddingSize = 6, ListedFolder = false, Root = "/images", List = "/list.txt",
        ListFingerprint = "0", Rows = 3, Chunk = 2, Shards = 1, Rotations = 1, SwanVersion = "0.1.0",
    };

    [Fact]
    public void A_jobs_hash_stays_that_of_the_first_version()
    {
        Assert.Equal("96be32101f8ddcd1", Manifest.Job);
        Assert.Equal(Manifest.Job, (Manifest with { SwanVersion = "9.9.9" }).Job);
        Assert.NotEqual(Manifest.Job, (Manifest with { Steps = "1", Columns = ["embedding"] }).Job);
    }

    [Fact]
    public void Without_steps_the_manifest_has_the_first_versions_names()
    {
        BatchProcess.Run(_folder.Job(_folder.List(_folder.Draw(1)), 2)).MustBe(0);
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Out, "manifest.json")))!.AsObject();
        Assert.Equal(
            [
                "format", "modelName", "modelFingerprint", "embeddingSize", "listedFolder", "root", "list", "listFingerprint", "rows",
                "chunk",
                "shards", "rotations", "swanVersion",
            ],
            manifest.Select(p => p.Key));
    }

    [Fact]
    public async Task Without_a_model_file_the_included_model_embeds()
    {
        string list = _folder.List(_folder.Draw(1));
        BatchProcess.Run("--list", list, "--root", _folder.Images, "--out", _folder.Out).MustBe(0);
        Dictionary<string, string> metadata = await BatchFolder.Metadata(Assert.Single(_folder.Chunks));
        Assert.Equal(Swan.MLNet.ModelFiles.SwanModelFile.Default.Card.Identity!.Fingerprint, metadata["swan.model_fingerprint"]);
    }
}
