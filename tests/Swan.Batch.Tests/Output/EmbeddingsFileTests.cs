using Swan.MLNet.ModelFiles;

namespace Swan.Batch.Tests.Output;

public sealed class EmbeddingsFileTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_file_says_which_model_and_which_run_made_it()
    {
        _folder.Draw(3);
        await _folder.RunAsync();
        string file = Assert.Single(_folder.Parquets);
        Dictionary<string, string> metadata = await BatchFolder.MetadataAsync(file);
        ModelIdentity model = SwanModelFile.Read(_folder.Model).Card.Identity!;
        Assert.Equal(model.Name, metadata["swan.model_name"]);
        Assert.Equal(model.Fingerprint, metadata["swan.model_fingerprint"]);
        Assert.Equal(("6", "1", "0"), (metadata["swan.embedding_size"], metadata["swan.rotations"], metadata["swan.shard"]));
        Assert.Equal(_folder.Images, metadata["swan.source"]);
        Assert.Equal(Path.GetFileName(Path.GetDirectoryName(file)), metadata["swan.run"]);
        Assert.StartsWith("000001-", metadata["swan.run"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hash_of_a_row_is_that_of_its_bytes()
    {
        string name = Assert.Single(_folder.Draw(1));
        await _folder.RunAsync();
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(_folder.Images, name), TestContext.Current.CancellationToken);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            Assert.Single(await _folder.RowsAsync()).Hash);
    }

    [Fact]
    public async Task Without_a_model_file_the_included_model_embeds()
    {
        _folder.Draw(1);
        await _folder.RunAsync(o => o.Model = null);
        Dictionary<string, string> metadata = await BatchFolder.MetadataAsync(Assert.Single(_folder.Parquets));
        Assert.Equal(SwanModelFile.Default.Card.Identity!.Fingerprint, metadata["swan.model_fingerprint"]);
    }
}
