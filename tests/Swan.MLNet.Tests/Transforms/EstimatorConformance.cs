using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Swan.MLNet.Interop;

namespace Swan.MLNet.Tests.Transforms;

/// <summary>What ML.NET's own TestEstimatorCore demands of every estimator, and a few things more, through public members.</summary>
public static class EstimatorConformance
{
    /// <param name="ml">Fresh.</param>
    /// <param name="estimator">The estimator to check.</param>
    /// <param name="valid">Data that it takes; a few rows, more than one batch.</param>
    /// <param name="invalid">Data sets that it must refuse.</param>
    public static void Check(MLContext ml, IEstimator<ITransformer> estimator, IDataView valid, params IDataView[] invalid)
    {
        SchemaShape promised = estimator.GetOutputSchema(ColumnShapes.Of(valid.Schema));
        ITransformer fitted = estimator.Fit(valid);
        ITransformer loaded = SaveAndLoad(ml, fitted, valid.Schema);

        Assert.Equal(Describe(promised), Describe(ColumnShapes.Of(fitted.Transform(valid).Schema)));
        foreach (IDataView data in invalid) RefusesInvalid(estimator, data, fitted, loaded);
        foreach (ITransformer transformer in new[] { fitted, loaded })
        {
            Assert.Equal(Describe(fitted.GetOutputSchema(valid.Schema)), Describe(transformer.GetOutputSchema(valid.Schema)));
            ViewKeepsItsPromises(transformer, valid);
            MapperAgreesWithView(transformer, valid);
        }
        Assert.Equal(AllRows(fitted.Transform(valid)), AllRows(loaded.Transform(valid)));
        (loaded as IDisposable)?.Dispose();
        (fitted as IDisposable)?.Dispose();
    }

    private static ITransformer SaveAndLoad(MLContext ml, ITransformer transformer, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(transformer, schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out DataViewSchema loadedSchema);
        // ML.NET itself leaves columns out of a saved schema that its binary format can't hold: images.
        Assert.Equal(Describe(schema.Where(c => c.Type is not ImageDataViewType)), Describe(loadedSchema));
        return loaded;
    }

    private static void RefusesInvalid(IEstimator<ITransformer> estimator, IDataView data, params ITransformer[] transformers)
    {
        Refuses(() => estimator.GetOutputSchema(ColumnShapes.Of(data.Schema)));
        Refuses(() => estimator.Fit(data));
        foreach (ITransformer transformer in transformers)
        {
            Refuses(() => transformer.GetOutputSchema(data.Schema));
            Refuses(() => transformer.Transform(data));
            Refuses(() => transformer.GetRowToRowMapper(data.Schema));
        }
    }

    private static void Refuses(Action action)
    {
        Exception? thrown = Record.Exception(action);
        Assert.True(thrown is ArgumentOutOfRangeException or InvalidOperationException, $"expected a refusal, but got {thrown?.ToString() ?? "none"}");
    }

    private static void ViewKeepsItsPromises(ITransformer transformer, IDataView data)
    {
        IDataView view = transformer.Transform(data);
        Assert.Equal(Describe(transformer.GetOutputSchema(data.Schema)), Describe(view.Schema));
        Assert.Equal(data.GetRowCount(), view.GetRowCount());
        Assert.Equal(data.CanShuffle, view.CanShuffle);

        List<Dictionary<int, string>> all = AllRows(view);
        Assert.Equal(data.GetRowCount() ?? all.Count, all.Count);
        DataViewSchema.Column[] columns = [.. view.Schema];
        // The same values whatever is asked for together: even columns, odd ones, one cursor each.
        SameIn(view, all, columns.Where(c => c.Index % 2 == 0));
        SameIn(view, all, columns.Where(c => c.Index % 2 == 1));
        foreach (DataViewSchema.Column column in columns) SameIn(view, all, [column]);
        SameIn(view, all, []);
        InSetsTheSame(view, all, columns);
        if (view.CanShuffle) ShuffledTheSame(view, columns);
    }

    private static void SameIn(IDataView view, List<Dictionary<int, string>> all, IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] active = [.. columns];
        List<Dictionary<int, string>> rows = Rows(view.GetRowCursor(active), view, active).Select(r => r.Values).ToList();
        Assert.Equal(all.Count, rows.Count);
        for (int i = 0; i < rows.Count; i++)
            Assert.All(active, c => Assert.Equal(all[i][c.Index], rows[i][c.Index]));
    }

    private static void InSetsTheSame(IDataView view, List<Dictionary<int, string>> all, DataViewSchema.Column[] columns)
    {
        DataViewRowCursor[] cursors = view.GetRowCursorSet(columns, 3);
        var rows = cursors.SelectMany(c => Rows(c, view, columns)).OrderBy(r => r.Id.Low).Select(r => r.Values).ToList();
        var ordered = Rows(view.GetRowCursor(columns), view, columns).OrderBy(r => r.Id.Low).Select(r => r.Values).ToList();
        Assert.Equal(all.Count, rows.Count);
        Assert.Equal(ordered, rows);
    }

    private static void ShuffledTheSame(IDataView view, DataViewSchema.Column[] columns)
    {
        var straight = Rows(view.GetRowCursor(columns), view, columns).ToDictionary(r => r.Id, r => r.Values);
        var shuffled = Rows(view.GetRowCursor(columns, new Random(5)), view, columns);
        Assert.Equal(straight.Count, shuffled.Count);
        Assert.All(shuffled, r => Assert.Equal(straight[r.Id], r.Values));
    }

    private static void MapperAgreesWithView(ITransformer transformer, IDataView data)
    {
        Assert.True(transformer.IsRowToRowMapper);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.Same(data.Schema, mapper.InputSchema);
        Assert.Equal(Describe(transformer.GetOutputSchema(data.Schema)), Describe(mapper.OutputSchema));

        List<Dictionary<int, string>> all = AllRows(transformer.Transform(data));
        using DataViewRowCursor cursor = data.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema));
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        Assert.Same(mapper.OutputSchema, row.Schema);
        var readers = mapper.OutputSchema.Select(c => (c.Index, Read: RowValues.Reader(row, c))).ToArray();
        for (int i = 0; cursor.MoveNext(); i++)
        {
            Assert.Equal(cursor.Position, row.Position);
            foreach ((int index, Func<string> read) in readers) Same(all[i][index], read());
        }
    }

    // A batch of one may round differently from a batch of many: the same up to float32 rounding.
    private static void Same(string expected, string found)
    {
        if (expected == found) return;
        float[] a = Numbers(expected), b = Numbers(found);
        Assert.Equal(a.Length, b.Length);
        Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, tolerance: 2e-6f));
    }

    private static float[] Numbers(string values) =>
        Array.ConvertAll(values.Split(' '), v => float.Parse(v, System.Globalization.CultureInfo.InvariantCulture));

    private static List<Dictionary<int, string>> AllRows(IDataView view) =>
        Rows(view.GetRowCursor(view.Schema), view, [.. view.Schema]).Select(r => r.Values).ToList();

    private static List<(DataViewRowId Id, Dictionary<int, string> Values)> Rows(DataViewRowCursor cursor, IDataView view, DataViewSchema.Column[] active)
    {
        using (cursor)
        {
            Assert.Same(view.Schema, cursor.Schema);
            foreach (DataViewSchema.Column column in view.Schema)
            {
                bool isActive = active.Any(a => a.Index == column.Index);
                // A cursor may have more active than asked for, never less.
                if (isActive) Assert.True(cursor.IsColumnActive(column));
                else if (!cursor.IsColumnActive(column)) Assert.ThrowsAny<Exception>(() => RowValues.Reader(cursor, column));
            }
            var readers = active.Select(c => (c.Index, Read: RowValues.Reader(cursor, c))).ToArray();
            ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
            var rows = new List<(DataViewRowId, Dictionary<int, string>)>();
            var ids = new HashSet<DataViewRowId>();
            long position = -1;
            while (cursor.MoveNext())
            {
                Assert.True(cursor.Position > position, "positions must grow");
                position = cursor.Position;
                DataViewRowId value = default;
                id(ref value);
                Assert.True(ids.Add(value), $"id {value} occurs twice");
                rows.Add((value, readers.ToDictionary(r => r.Index, r => r.Read())));
            }
            return rows;
        }
    }

    private static string Describe(SchemaShape shape) => string.Join("\n", shape.OrderBy(c => c.Name, StringComparer.Ordinal)
        .Select(c => $"{c.Name}: {c.Kind} {c.ItemType} key={c.IsKey} [{string.Join(", ", c.Annotations.Select(a => $"{a.Name}: {a.Kind} {a.ItemType}").Order(StringComparer.Ordinal))}]"));

    private static string Describe(IEnumerable<DataViewSchema.Column> schema) => string.Join("\n",
        schema.Select(c => $"{c.Name}: {c.Type} hidden={c.IsHidden} [{string.Join(", ", c.Annotations.Schema.Select(a => $"{a.Name}: {a.Type}"))}]"));
}
