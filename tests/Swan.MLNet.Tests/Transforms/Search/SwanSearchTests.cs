using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SwanSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_searched_row_gets_the_hits_of_the_index()
    {
        SwanIndex index = SearchRows.Index();
        FoundRow[] rows = Search(index, SearchRows.Queries(13), k: 3, batchSize: 4);
        Assert.Equal(13, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            SwanHit[] expected = index.Search(SearchRows.Query(i), 3);
            Assert.Equal(SearchRows.Keys[i % 5], rows[i].Keys[0]);
            Assert.Equal(expected.Select(h => h.Key), rows[i].Keys);
            Assert.Equal(expected.Select(h => h.Score), rows[i].Scores);
            Assert.Equal(i, rows[i].Number);
        }
    }

    [Fact]
    public void Places_that_a_small_gallery_can_not_fill_are_empty_texts_and_missing_scores()
    {
        FoundRow row = Search(SearchRows.Index(), SearchRows.Queries(1), k: 7, batchSize: 4)[0];
        Assert.Equal(["", ""], row.Keys[5..]);
        Assert.Equal([float.NaN, float.NaN], row.Scores[5..]);
        Assert.DoesNotContain("", row.Keys[..5]);
    }

    [Fact]
    public void A_row_without_an_embedding_gets_no_results_and_the_others_stay_right()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage);
        };
        QueryRow[] queries = SearchRows.Queries(6);
        queries[1].Query = [float.NaN, float.NaN, float.NaN];
        queries[4].Query = [0, 0, 0];
        FoundRow[] rows = Search(SearchRows.Index(), queries, k: 2, batchSize: 4);
        foreach (int missing in new[] { 1, 4 })
        {
            Assert.Equal(["", ""], rows[missing].Keys);
            Assert.Equal([float.NaN, float.NaN], rows[missing].Scores);
        }
        foreach (int there in new[] { 0, 2, 3, 5 }) Assert.Equal(SearchRows.Keys[there % 5], rows[there].Keys[0]);
        Assert.Contains("2 rows had no embedding", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_embedded_or_searched_for_columns_that_are_not_read()
    {
        string model = TinyModel.Write(_folder.FullName);
        IDataView texts = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 9)
            .Select(i => new TextRow { Text = TinyModel.Sentences[i % 4], Number = i })
            .ToArray());
        SwanEmbeddingTransformer embed =
            _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", model, new SwanEmbeddingOptions { BatchSize = 4 }).Fit(texts);
        IDataView embedded = embed.Transform(texts);
        IDataView view = _ml.Transforms.SwanSearch("Keys", "Scores", "Embedding",
            _ml.Swan().BuildIndex(embedded, "Embedding", "Text", cancellationToken: TestContext.Current.CancellationToken),
            new() { K = 1 }).Fit(embedded).Transform(embedded);
        long built = embed.Lease.Captions.Session.Rows;
        Assert.Equal(9, view.GetColumn<float>("Number").Count());
        using (DataViewRowCursor cursor = view.GetRowCursor(view.Schema))
        {
            while (cursor.MoveNext())
            {
            }
        }
        Assert.Equal(built, embed.Lease.Captions.Session.Rows);
        // Each sentence finds itself.
        Assert.Equal(TinyModel.Sentences.Concat(TinyModel.Sentences).Append(TinyModel.Sentences[0]),
            view.GetColumn<string[]>("Keys").Select(k => k[0]));
        Assert.Equal(built + 9, embed.Lease.Captions.Session.Rows);
    }

    [Fact]
    public void A_prediction_engine_answers_as_the_batches_do_on_many_threads()
    {
        SwanIndex index = SearchRows.Index();
        SwanSearchTransformer transformer = _ml.Transforms.SwanSearch("Keys", "Scores", "Query", index, new() { K = 4 })
            .Fit(_ml.Data.LoadFromEnumerable(SearchRows.Queries(1)));
        Parallel.For(0, 4, thread =>
        {
            using PredictionEngine<QueryRow, FoundRow> engine = _ml.Model.CreatePredictionEngine<QueryRow, FoundRow>(transformer);
            for (int i = 0; i < 25; i++)
            {
                FoundRow row = engine.Predict(new QueryRow { Query = SearchRows.Query(i + thread), Number = i });
                SwanHit[] expected = index.Search(SearchRows.Query(i + thread), 4);
                Assert.Equal(expected.Select(h => h.Key), row.Keys);
                Assert.Equal(expected.Select(h => h.Score), row.Scores);
            }
        });
    }

    [Fact]
    public void Embedding_and_search_saved_together_answer_in_a_process_that_registers_nothing()
    {
        string model = TinyModel.Write(_folder.FullName);
        string[] gallery = ["green river", "ships", "stadium", "storage tanks terminal"];
        SwanIndex index = SwanIndex.Build(
            gallery.SelectMany(TinyModel.CaptionEmbedding).ToArray(), TinyModel.EmbeddingSize, gallery,
            SwanModelFile.Read(model).Card.Identity, TestContext.Current.CancellationToken);
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        var pipeline = _ml.Transforms.CopyColumns("Copy", "Text").AppendSwanCaptionEmbedding(_ml, "Embedding", "Copy", model)
            .AppendSwanSearch(_ml, "Keys", "Scores", "Embedding", index, new SwanSearchOptions { K = 6 });
        string path = _folder.File("pipeline.zip");
        _ml.Model.Save(pipeline.Fit(data), data.Schema, path);
        File.Delete(model);

        JsonNode report = LoadOnlyProcess.Run(path, "Text", gallery);
        Assert.False(report["LoadedBefore"]!.GetValue<bool>());
        for (int i = 0; i < gallery.Length; i++)
        {
            SwanHit[] expected = index.Search(TinyModel.CaptionEmbedding(gallery[i]), 4);
            string[] keys = [.. report["Rows"]![i]!["Keys"]!.AsArray().Select(k => k!.GetValue<string>())];
            Assert.Equal(gallery[i], keys[0]);
            Assert.Equal([.. expected.Select(h => h.Key), "", ""], keys);
            float[] scores = LoadOnlyProcess.Vector(report, i, "Scores");
            TinyModel.Same([.. expected.Select(h => h.Score)], scores.AsSpan(0, 4));
            Assert.Equal([float.NaN, float.NaN], scores[4..]);
        }
    }

    [Fact]
    public void A_loaded_pipeline_keeps_options_gallery_and_model()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(SearchRows.Queries(2));
        var options = new SwanSearchOptions { K = 2, BatchSize = 5 };
        string path = Saved(
            _ml.Transforms.SwanSearch("Found", "Cosines", "Query", SearchRows.Index(new ModelIdentity("rsicd", "abc")), options).Fit(data),
            data.Schema);
        var loaded = (SwanSearchTransformer)_ml.Model.Load(path, out _);
        Assert.Equal(("Found", "Cosines", "Query"), (loaded.KeysOutputColumnName, loaded.ScoresOutputColumnName, loaded.InputColumnName));
        Assert.Equal(SearchRows.Keys, Assert.IsType<SwanIndex>(loaded.Gallery).Keys);
        Assert.Equal(new ModelIdentity("rsicd", "abc"), loaded.Gallery.Model);
        Assert.Equal(2, ((VectorDataViewType)loaded.GetOutputSchema(data.Schema)["Found"].Type).Size);
    }

    [Fact]
    public void A_saved_pipeline_whose_gallery_was_changed_is_refused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(SearchRows.Queries(2));
        string path = Saved(_ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index()).Fit(data), data.Schema);
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update))
        {
            using Stream stream = zip.Entries.Single(e => e.Name == "gallery.swanindex").Open();
            stream.Seek(-1, SeekOrigin.End);
            stream.WriteByte(0xEE);
        }
        Exception e = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _));
        Assert.Contains("SHA-256", e.ToString(), StringComparison.Ordinal);
        Assert.Contains("gallery of the saved pipeline", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_of_another_model_are_refused_before_any_row()
    {
        string model = TinyModel.Write(_folder.FullName);
        IDataView texts = _ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        IDataView embedded = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", model).Fit(texts).Transform(texts);
        SwanIndex index = SwanIndex.Build(TinyModel.CaptionEmbedding("river"), TinyModel.EmbeddingSize,
            model: new ModelIdentity("other", "f00"), cancellationToken: TestContext.Current.CancellationToken);
        // The model is known through steps between, too.
        IDataView copied = _ml.Transforms.CopyColumns("Query", "Embedding").Fit(embedded).Transform(embedded);
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanSearch("Keys", "Scores", "Query", index).Fit(copied)).Message;
        Assert.Contains("'tiny'", message, StringComparison.Ordinal);
        Assert.Contains("'other' (f00)", message, StringComparison.Ordinal);
        Assert.NotNull(_ml.Transforms.SwanSearch("Keys", "Scores", "Query", index.ForModel(null)).Fit(copied));
    }

    [Fact]
    public void Embeddings_of_another_length_are_refused_before_any_row()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new EmbeddedRow { Embedding = new float[TinyModel.EmbeddingSize] }]);
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanSearch("Keys", "Scores", "Embedding", SearchRows.Index()).Fit(data)).Message;
        Assert.Contains("embeddings of 6 values, but the index holds embeddings of 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_an_earlier_step_comes_at_its_own_row()
    {
        string model = TinyModel.Write(_folder.FullName);
        string bad = _folder.File("bad.png");
        File.WriteAllText(bad, "not an image");
        TextRow[] rows =
        [
            new() { Text = TinyImages.Write(_folder.FullName, "0.png", 0) }, new() { Text = bad },
            new() { Text = TinyImages.Write(_folder.FullName, "1.png", 1) },
        ];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        SwanIndex index = SwanIndex.Build(
            TinyModel.CaptionEmbedding("river"), TinyModel.EmbeddingSize, cancellationToken: TestContext.Current.CancellationToken);
        IDataView view = _ml.Transforms.SwanEmbedding("Embedding", "Text", model)
            .AppendSwanSearch(_ml, "Keys", "Scores", "Embedding", index, new() { K = 1 })
            .Fit(data)
            .Transform(data);
        int delivered = 0;
        SwanRowException e = Assert.Throws<SwanRowException>(() =>
        {
            foreach (FoundRow _ in _ml.Data.CreateEnumerable<FoundRow>(view, reuseRowObject: false)) delivered++;
        });
        Assert.Equal(1, delivered);
        Assert.Contains("Row 1 (column 'Text')", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Canceling_ends_a_running_pass()
    {
        using var source = new CancellationTokenSource();
        IDataView data = _ml.Data.LoadFromEnumerable(SearchRows.Queries(100));
        IDataView view = _ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index(),
            new SwanSearchOptions { BatchSize = 10, CancellationToken = source.Token }).Fit(data).Transform(data);
        int delivered = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (FoundRow _ in _ml.Data.CreateEnumerable<FoundRow>(view, reuseRowObject: false))
            {
                if (++delivered == 15) source.Cancel();
            }
        });
        Assert.Equal(22, delivered); // whole batches, of 4, 8 and 10 rows
    }

    [Fact]
    public void Options_survive_JSON_and_all_their_faults_are_told_at_once()
    {
        var options = new SwanSearchOptions { K = 3, BatchSize = 7 };
        Assert.Equivalent(options, JsonSerializer.Deserialize<SwanSearchOptions>(JsonSerializer.Serialize(options)));
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.SwanSearch("Keys", "Scores", "Query", SearchRows.Index(), new() { K = 0, BatchSize = 5000 })).Message;
        Assert.Contains("K is 0", message, StringComparison.Ordinal);
        Assert.Contains("BatchSize is 5000", message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_name_for_both_outputs_is_refused() => Assert.Contains(
        "different names",
        Assert.Throws<ArgumentException>(() => _ml.Transforms.SwanSearch("Same", "Same", "Query", SearchRows.Index())).Message,
        StringComparison.Ordinal);

    private FoundRow[] Search(SwanIndex index, QueryRow[] queries, int k, int batchSize)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(queries);
        IDataView view = _ml.Transforms.SwanSearch("Keys", "Scores", "Query", index, new() { K = k, BatchSize = batchSize })
            .Fit(data)
            .Transform(data);
        return [.. _ml.Data.CreateEnumerable<FoundRow>(view, reuseRowObject: false)];
    }

    private string Saved(ITransformer transformer, DataViewSchema schema)
    {
        string path = _folder.File("pipeline.zip");
        _ml.Model.Save(transformer, schema, path);
        return path;
    }
}
