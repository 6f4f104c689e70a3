using System.Diagnostics;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace PostgresSearch;

/// <summary>What is looked for: words, or an image file.</summary>
internal sealed record SearchQuery(string? Words, string? Image);

/// <summary>The commands, with a server and a model.</summary>
internal sealed record Commands(Server Server, SwanModel Model, TextWriter Output)
{
    private ModelIdentity Identity => Model.Card.Identity!; // a model that is open has one

    public async Task CreateAsync(Storage storage, bool replace, CancellationToken cancellationToken)
    {
        await ImageTable.CreateAsync(Server.Source, storage, Identity, Model.EmbeddingSize, replace, cancellationToken);
        string type = storage.ColumnType(Model.EmbeddingSize).Split(" check")[0];
        await Output.WriteLineAsync($"{ImageTable.Name} with embeddings of type {type}, model {Identity}");
    }

    public async Task LoadAsync(string folder, string? by, CancellationToken cancellationToken)
    {
        if (by == "copy" && !Server.TakesCopy)
            throw new PostgresSearchException($"This server breaks connections that use COPY ({Server.Version}). Load with --by insert.");
        ImageTable table = await ImageTable.OpenAsync(Server.Source, Identity, cancellationToken);
        var clock = Stopwatch.StartNew();
        (int files, IEnumerable<StoredImage> rows) = StoredImages.Of(folder, Model, cancellationToken);
        bool copy = by is null ? Server.TakesCopy : by == "copy";
        long written = await RowWriter.WriteAsync(Server.Source, table, rows, copy, cancellationToken: cancellationToken);
        await Output.WriteLineAsync(
            $"{written} images embedded and written by {(copy ? "copy" : "insert")} in {clock.Elapsed.TotalSeconds:F1} s");
        if (written < files) await Output.WriteLineAsync($"{files - written} of the files can't be read as images");
    }

    public async Task IndexAsync(int neighbors, int candidates, CancellationToken cancellationToken)
    {
        ImageTable table = await ImageTable.OpenAsync(Server.Source, Identity, cancellationToken);
        var clock = Stopwatch.StartNew();
        (long rows, long index) = await table.BuildIndexAsync(Server.Source, neighbors, candidates, cancellationToken);
        await Output.WriteLineAsync($"HNSW index in {clock.Elapsed.TotalSeconds:F1} s; rows {rows:N0} bytes, index {index:N0} bytes");
    }

    public async Task SearchAsync(SearchQuery query, SearchRequest request, bool explain, CancellationToken cancellationToken)
    {
        ImageTable table = await ImageTable.OpenAsync(Server.Source, Identity, cancellationToken);
        float[] embedding = query.Image is { } file
            ? await Queries.OfImageAsync(Model, file, cancellationToken)
            : await Queries.OfWordsAsync(Model, query.Words!, cancellationToken);
        request = request with { Query = embedding };
        if (explain)
        {
            foreach (string line in await ImageSearch.ExplainAsync(Server.Source, table, request, cancellationToken))
                await Output.WriteLineAsync(line);
            return;
        }
        foreach (FoundImage found in await ImageSearch.FindAsync(Server.Source, table, request, cancellationToken))
            await Output.WriteLineAsync($"{found.Score:F3}  {found.Path,-28} {found.Scene,-14} {found.Region,-10} {found.Date:yyyy-MM-dd}");
    }

    public async Task RemoveAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        await ImageTable.OpenAsync(Server.Source, Identity, cancellationToken);
        int removed = await ImageTable.RemoveAsync(Server.Source, paths, cancellationToken);
        await Output.WriteLineAsync($"{removed} of {paths.Count} removed");
    }
}
