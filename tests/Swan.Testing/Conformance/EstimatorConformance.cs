using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Swan.MLNet.DataViews;

namespace Swan.Testing;

/// <summary>What ML.NET's own TestEstimatorCore demands of every estimator, and more, through public members.</summary>
public static class EstimatorConformance
{
    /// <param name="ml">Fresh.</param>
    /// <param name="estimator">The estimator to check.</param>
    /// <param name="valid">Data that it takes; a few rows, more than one batch.</param>
    /// <param name="invalid">Data sets that it must refuse.</param>
    public static void Check(MLContext ml, IEstimator<ITransformer> estimator, IDataView valid, params IDataView[] invalid)
    {
        SchemaShape promised = estimator.GetOutputSchema(ColumnShapes.Create(valid.Schema));
        ITransformer fitted = estimator.Fit(valid);
        using var folder = new TemporaryFolder();
        string saved = folder.File("pipeline.zip");
        ITransformer loaded = SaveAndLoad(ml, fitted, valid.Schema, saved);

        Assert.Equal(Describe(promised), Describe(ColumnShapes.Create(fitted.Transform(valid).Schema)));
        foreach (IDataView data in invalid) RefusesInvalid(estimator, data, fitted, loaded);
        foreach (ITransformer transformer in new[] { fitted, loaded })
        {
            Assert.Equal(Describe(fitted.GetOutputSchema(valid.Schema)), Describe(transformer.GetOutputSchema(valid.Schema)));
            Assert.Equal(Describe(transformer.GetOutputSchema(valid.Schema)), Describe(transformer.Transform(valid).Schema));
            CursorConformance.Check(transformer, valid);
            if (transformer.IsRowToRowMapper) MapperAgreesWithView(transformer, valid);
            else Assert.Throws<InvalidOperationException>(() => transformer.GetRowToRowMapper(valid.Schema));
        }
        Assert.Equal(ViewRows.All(fitted.Transform(valid)), ViewRows.All(loaded.Transform(valid)));
        DerivedViewConformance.Check(ml, loaded, valid, folder);
        // An image column can't be handed to another process in a file.
        if (!HoldsImages(valid.Schema)) SameInAnotherProcess(ml, fitted, valid, saved, folder);
        (loaded as IDisposable)?.Dispose();
        (fitted as IDisposable)?.Dispose();
    }

    public static bool HoldsImages(DataViewSchema schema) => schema.Any(c => c.Type is ImageDataViewType);

    /// <summary>Names, types, and annotations with their values.</summary>
    public static string Describe(IEnumerable<DataViewSchema.Column> schema) => string.Join("\n",
        schema.Select(c => $"{c.Name}: {c.Type} hidden={c.IsHidden} [{Annotations(c.Annotations)}]"));

    private static string Describe(SchemaShape shape) => string.Join("\n", shape.OrderBy(c => c.Name, StringComparer.Ordinal)
        .Select(c =>
            $"{c.Name}: {c.Kind} {c.ItemType} key={c.IsKey} ["
            + $"{string.Join(", ", c.Annotations.Select(a => $"{a.Name}: {a.Kind} {a.ItemType}").Order(StringComparer.Ordinal))}]"));

    private static string Annotations(DataViewSchema.Annotations annotations) =>
        string.Join(", ",
            annotations.Schema.Select(a => $"{a.Name}: {a.Type} = {RowValues.Annotation(annotations, a)}").Order(StringComparer.Ordinal));

    private static ITransformer SaveAndLoad(MLContext ml, ITransformer transformer, DataViewSchema schema, string path)
    {
        ml.Model.Save(transformer, schema, path);
        ITransformer loaded = new MLContext().Model.Load(path, out DataViewSchema loadedSchema);
        // ML.NET itself leaves columns out of a saved schema that its binary format can't hold: images.
        Assert.Equal(Describe(schema.Where(c => c.Type is not ImageDataViewType)), Describe(loadedSchema));
        return loaded;
    }

    private static void SameInAnotherProcess(MLContext ml, ITransformer fitted, IDataView data, string pipeline, TemporaryFolder folder)
    {
        string given = folder.File("given.idv"), found = folder.File("found.idv");
        DerivedViewConformance.SaveBinary(ml, data, given);
        Assert.Equal("True", LoadOnlyProcess.Start(
            new Dictionary<string, string>(), "dotnet", LoadOnlyProcess.Program, pipeline, "--binary", given, found).Trim());
        IDataView here = fitted.Transform(data), there = ml.Data.LoadFromBinary(found);
        Assert.Equal(Describe(here.Schema.Where(c => !c.IsHidden)), Describe(there.Schema));
        ViewRows.Same(here, there);
    }

    private static void RefusesInvalid(IEstimator<ITransformer> estimator, IDataView data, params ITransformer[] transformers)
    {
        Refuses(() => estimator.GetOutputSchema(ColumnShapes.Create(data.Schema)));
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
        Assert.True(thrown is ArgumentOutOfRangeException or InvalidOperationException,
            $"expected a refusal, but got {thrown?.ToString() ?? "none"}");
    }

    private static void MapperAgreesWithView(ITransformer transformer, IDataView data)
    {
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(data.Schema);
        Assert.Same(data.Schema, mapper.InputSchema);
        Assert.Equal(Describe(transformer.GetOutputSchema(data.Schema)), Describe(mapper.OutputSchema));

        List<Dictionary<int, string>> all = ViewRows.All(transformer.Transform(data));
        using DataViewRowCursor cursor = data.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema));
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        Assert.Same(mapper.OutputSchema, row.Schema);
        var readers = mapper.OutputSchema.Select(c => (c.Index, Read: RowValues.Reader(row, c))).ToArray();
        for (int i = 0; cursor.MoveNext(); i++)
        {
            Assert.Equal(cursor.Position, row.Position);
            foreach ((int index, Func<string> read) in readers) ViewRows.Same(all[i][index], read());
        }
        // Nothing of what is computed is asked of the source for columns that are passed through.
        foreach (DataViewSchema.Column column in data.Schema)
            Assert.Equal([column.Index], mapper.GetDependencies([mapper.OutputSchema[column.Index]]).Select(c => c.Index));
    }
}
