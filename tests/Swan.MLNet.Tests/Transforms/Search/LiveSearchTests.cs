using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.Models;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>The search step over an index that lives in a folder.</summary>
public sealed class LiveSearchTests : IDisposable
{
    private static readonly SwanColumn s_height = new("height", SwanColumnType.Number);
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly SwanLiveIndex _index;

    public LiveSearchTests()
    {
        _index = SwanLiveIndex.Create(
            _folder.File("index"), new SwanIndexSettings(SearchRows.Size) { Columns = [s_height] },
            new() { RefreshInterval = TimeSpan.Zero });
        using SwanIndexWriter writer = _index.OpenWriter();
        for (int i = 0; i < SearchRows.Keys.Length; i++)
        {
            SearchRows.Index().TryGet(SearchRows.Keys[i], out SwanRow? row);
            writer.Upsert(row!.Key, row.Embedding.Span, new Dictionary<string, object?> { ["height"] = i });
        }
        writer.Commit(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _index.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Each_batch_is_answered_by_the_latest_state(int batchSize)
    {
        ITransformer step = Step(new() { K = 3, BatchSize = batchSize });
        Assert.Equal(SearchRows.Keys.Concat(SearchRows.Keys), Rows(step, 10).Select(row => row.Keys[0]));
        using (SwanIndexWriter writer = _index.OpenWriter())
        {
            writer.Remove("east");
            writer.Upsert("dawn", [1, 0, 0]);
            writer.Commit(TestContext.Current.CancellationToken);
        }
        FoundRow[] rows = Rows(step, 5);
        Assert.Equal(["dawn", .. SearchRows.Keys[1..]], rows.Select(row => row.Keys[0]));
        Assert.Equal(_index.Search(SearchRows.Query(2), 3).Select(h => (h.Key, h.Score)), rows[2].Keys.Zip(rows[2].Scores));
    }

    [Fact]
    public void A_filter_leaves_rows_out_and_empty_places_stay_empty()
    {
        FoundRow[] rows = Rows(Step(new() { K = 3, Filter = SwanFilter.Parse("height >= 3") }), 5);
        Assert.All(rows, row =>
        {
            Assert.Equal(["south", "west"], row.Keys[..2].Order());
            Assert.Equal(("", float.NaN), (row.Keys[2], row.Scores[2]));
        });
        Assert.All(Rows(Step(new() { K = 1, Filter = SwanFilter.Parse("height > 9") }), 3), row => Assert.Equal("", row.Keys[0]));
        Assert.Throws<SwanFilterException>(() => Step(new() { Filter = SwanFilter.Parse("hight > 9") }));
    }

    [Fact]
    public void A_saved_pipeline_refers_to_the_folder_and_keeps_the_filter()
    {
        string path = Saved(Step(new() { K = 2, Filter = SwanFilter.Parse("height <= 1") }));
        using (var loaded = (SwanSearchTransformer)_ml.Model.Load(path, out _))
        {
            Assert.Equal(_index.Folder, Assert.IsType<SwanLiveIndex>(loaded.Gallery).Folder);
            Assert.All(Rows(loaded, 5), row => Assert.Equal(["east", "north"], row.Keys.Order()));
        }

        string moved = _folder.File("moved");
        _index.Dispose();
        Directory.Move(_folder.File("index"), moved);
        SwanFormatException e = Assert.Throws<SwanFormatException>(() => _ml.Swan().LoadPipeline(path, out _));
        Assert.Contains("SwanLoadOptions.IndexFolder", e.Message, StringComparison.Ordinal);
        using var there = (SwanSearchTransformer)_ml.Swan().LoadPipeline(path, out _, new SwanLoadOptions { IndexFolder = moved });
        Assert.All(Rows(there, 5), row => Assert.Equal(["east", "north"], row.Keys.Order()));
    }

    [Fact]
    public void A_search_that_a_prediction_engine_closed_names_the_option_that_keeps_it()
    {
        string path = Saved(Step(new() { K = 1 }));
        using var loaded = (SwanSearchTransformer)_ml.Model.Load(path, out _);
        // What is handed out is the pipeline's.
        ((SwanLiveIndex)loaded.Gallery).Dispose();
        using (var keeps = _ml.Model.CreatePredictionEngine<QueryRow, FoundRow>(
            loaded, new PredictionEngineOptions { OwnsTransformer = false }))
        {
            Assert.Equal("east", keeps.Predict(SearchRows.Queries(1)[0]).Keys[0]);
        }
        var other = _ml.Model.CreatePredictionEngine<QueryRow, FoundRow>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        _ml.Model.CreatePredictionEngine<QueryRow, FoundRow>(loaded).Dispose();
        foreach (Action use in (Action[])[() => other.Predict(SearchRows.Queries(1)[0]), () => Rows(loaded, 2)])
        {
            ObjectDisposedException e = Assert.Throws<ObjectDisposedException>(use);
            Assert.Contains("PredictionEngineOptions { OwnsTransformer = false }", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Two_indexes_of_one_pipeline_are_never_searched_in_one_folder()
    {
        string far = _folder.File("far");
        using (SwanLiveIndex other = SwanLiveIndex.Create(far, new SwanIndexSettings(SearchRows.Size)))
        {
            using (SwanIndexWriter writer = other.OpenWriter())
            {
                writer.Upsert("far", [1, 0, 0]);
                writer.Commit(TestContext.Current.CancellationToken);
            }
            IDataView rows = _ml.Data.LoadFromEnumerable(SearchRows.Queries(1));
            ITransformer both = _ml.Transforms.SwanSearch("Keys", "Scores", "Query", _index, new() { K = 1 })
                .Append(_ml.Transforms.SwanSearch("FarKeys", "FarScores", "Query", other, new() { K = 1 })).Fit(rows);
            _ml.Model.Save(both, rows.Schema, _folder.File("both.zip"));
        }
        string path = _folder.File("both.zip"), here = _index.Folder, near = _folder.File("near");
        _index.Dispose();
        Directory.Move(here, near);

        SwanOptionsException e = Assert.Throws<SwanOptionsException>(
            () => _ml.Swan().LoadPipeline(path, out _, new SwanLoadOptions { IndexFolder = near }));
        Assert.Contains($"of '{here}' and of '{far}'", e.Message, StringComparison.Ordinal);
        Assert.Contains("IndexFolders", e.Message, StringComparison.Ordinal);
        var places = new Dictionary<string, string> { [here + "/"] = near };
        Assert.Equal("east far", Found(new() { IndexFolders = places }));
        // The rest is in the folder that is given for all.
        string moved = _folder.File("moved");
        Directory.Move(far, moved);
        Assert.Equal("east far", Found(new() { IndexFolders = places, IndexFolder = moved }));
        places.Add("nowhere", near);
        e = Assert.Throws<SwanOptionsException>(
            () => _ml.Swan().LoadPipeline(path, out _, new SwanLoadOptions { IndexFolders = places, IndexFolder = moved }));
        Assert.Contains("names 'nowhere'", e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{here}', '{far}'", e.Message, StringComparison.Ordinal);

        string Found(SwanLoadOptions options)
        {
            ITransformer loaded = _ml.Swan().LoadPipeline(path, out _, options);
            using var disposing = (IDisposable)loaded;
            IDataView found = loaded.Transform(_ml.Data.LoadFromEnumerable(SearchRows.Queries(1)));
            return $"{found.GetColumn<string[]>("Keys").Single()[0]} {found.GetColumn<string[]>("FarKeys").Single()[0]}";
        }
    }

    [Fact]
    public void An_index_that_was_embedded_again_in_another_range_is_refused()
    {
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        int size = model.EmbeddingSize;
        string image = TinyImages.Write(_folder.FullName, "image.png", seed: 1);
        using SwanLiveIndex index = SwanLiveIndex.Create(
            _folder.File("images"), new SwanIndexSettings(size) { Model = model.Card.Identity }, new() { RefreshInterval = TimeSpan.Zero });
        using SwanIndexWriter writer = index.OpenWriter();
        writer.Upsert("image", model.EmbedImage(image));
        writer.Commit(TestContext.Current.CancellationToken);
        IDataView rows = _ml.Data.LoadFromEnumerable([new TextRow { Text = image }]);
        IDataView found = _ml.Transforms.SwanEmbedding("Embedding", "Text", model)
            .Append(_ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", index, new() { K = 1 })).Fit(rows).Transform(rows);
        Assert.Equal("image", found.GetColumn<string[]>("Keys").Single()[0]);

        SwanIndexReembedding again = writer.BeginReembedding(model.Card.Identity!, size, SampleRange.Values(0, 3000));
        foreach (SwanRow row in again.Pending().ToArray()) again.Add(row.Key, row.Embedding.Span);
        again.Complete(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(
            "are now those read with the range 'values 0 3000'",
            Assert.ThrowsAny<Exception>(() => found.GetColumn<float[]>("Scores").ToArray()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_copy_needs_no_folder_and_has_the_rows_that_passed()
    {
        using (SwanIndexWriter writer = _index.OpenWriter())
        {
            writer.Remove("up");
            writer.Commit(TestContext.Current.CancellationToken);
        }
        string path = Saved(Step(new() { K = 2, Filter = SwanFilter.Parse("height >= 1"), Saving = SwanIndexSaving.Copy }));
        _index.Dispose();
        Directory.Delete(_folder.File("index"), recursive: true);
        using var loaded = (SwanSearchTransformer)_ml.Model.Load(path, out _);
        Assert.Equal(["north", "west", "south"], Assert.IsType<SwanIndex>(loaded.Gallery).Keys);
        Assert.Equal("north", Rows(loaded, 2)[1].Keys[0]);
    }

    [Fact]
    public void An_index_that_another_model_embedded_again_is_refused()
    {
        IDataView view = Step(new() { K = 1 }).Transform(_ml.Data.LoadFromEnumerable(SearchRows.Queries(1)));
        using (SwanIndexWriter writer = _index.OpenWriter())
        {
            SwanIndexReembedding other = writer.BeginReembedding(new("other", "f00"), 2);
            foreach (SwanRow row in other.Pending().ToArray()) other.Add(row.Key, [1, 0]);
            other.Complete(cancellationToken: TestContext.Current.CancellationToken);
        }
        Assert.Contains(
            "embeddings of 2 values of 'other'",
            Assert.ThrowsAny<Exception>(() => view.GetColumn<float[]>("Scores").ToArray()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Searching_a_living_index_does_what_ML_NET_demands_of_every_estimator() => EstimatorConformance.Check(
        _ml, _ml.Transforms.SwanSearch("Keys", "Scores", "Query", _index,
            new() { BatchSize = 3, K = 2, Filter = SwanFilter.Parse("height > 0") }),
        _ml.Data.LoadFromEnumerable(SearchRows.Queries(11)), [_ml.Data.LoadFromEnumerable([new OtherRow()])]);

    private SwanSearchTransformer Step(SwanSearchOptions options) =>
        _ml.Transforms.SwanSearch("Keys", "Scores", "Query", _index, options).Fit(_ml.Data.LoadFromEnumerable(SearchRows.Queries(1)));

    private FoundRow[] Rows(ITransformer step, int count) =>
        [
            .. _ml.Data.CreateEnumerable<FoundRow>(
                step.Transform(_ml.Data.LoadFromEnumerable(SearchRows.Queries(count))), reuseRowObject: false),
        ];

    private string Saved(ITransformer transformer)
    {
        string path = _folder.File("pipeline.zip");
        _ml.Model.Save(transformer, _ml.Data.LoadFromEnumerable(SearchRows.Queries(1)).Schema, path);
        return path;
    }
}
