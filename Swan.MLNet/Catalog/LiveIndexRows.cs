using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet;

/// <summary>Rows of a data view on their way into a living index.</summary>
/// <param name="Data">The view.</param>
/// <param name="Embeddings">The column of embeddings.</param>
/// <param name="Keys">The column of keys, text.</param>
/// <param name="Values">The columns of values.</param>
internal sealed record LiveIndexRows(IDataView Data, EmbeddingColumn Embeddings, DataViewSchema.Column Keys, ValueColumn[] Values)
{
    /// <summary>Finds the columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is missing or of the wrong type.</exception>
    public static LiveIndexRows Find(IDataView data, string embeddings, string keys, IReadOnlyList<string>? values)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(embeddings);
        ArgumentException.ThrowIfNullOrEmpty(keys);
        return new LiveIndexRows(
            data, EmbeddingColumn.Find(data.Schema, embeddings, nameof(data)), Columns.FindText(data.Schema, keys, nameof(data)),
            [.. (values ?? []).Distinct(StringComparer.Ordinal).Select(name => ValueColumn.Find(data.Schema, name, name, nameof(data)))]);
    }

    /// <summary>The settings of an index of these rows.</summary>
    /// <param name="given">The caller's; null: none.</param>
    /// <exception cref="ArgumentException">They are of other embeddings.</exception>
    public SwanIndexSettings Settings(SwanIndexSettings? given)
    {
        if (given is not null && given.EmbeddingSize != Embeddings.Size)
        {
            throw new ArgumentException(
                $"The settings are for embeddings of {given.EmbeddingSize} values, but the column '{Embeddings.Column.Name}' has "
                + $"{Embeddings.Size}.", "settings");
        }
        if (!ModelIdentity.Agree(Embeddings.Model, given?.Model))
        {
            throw new SwanMismatchException(
                $"The column '{Embeddings.Column.Name}' holds embeddings of {Embeddings.Model}, not of {given!.Model}. "
                + "Leave the model out, or embed with it.");
        }
        GivenRange? read = given?.HowRead ?? Embeddings.Range;
        return new SwanIndexSettings(Embeddings.Size)
        {
            Model = given?.Model ?? Embeddings.Model,
            GivenRange = read is null ? null : read with { Samples = read.Samples ?? Embeddings.Range?.Samples },
            Scan = given?.Scan ?? SwanIndexScan.Float32,
            Columns = [.. given?.Columns ?? [], .. Values.Select(v => v.Column).Where(c => given?.Columns.Contains(c) != true)],
        };
    }

    /// <summary>Adds the rows and commits.</summary>
    /// <exception cref="SwanRowException">A row can't be used.</exception>
    public SwanIndexChanges AddTo(SwanLiveIndex index, IHost host, string task, CancellationToken cancellation)
    {
        using SwanIndexWriter writer = index.OpenWriter();
        writer.RequireComparable(Embeddings.Model, Embeddings.Size, Embeddings.Range);
        foreach (ValueColumn column in Values) writer.AddColumn(column.Column);
        var kept = new KeptValues(writer, Values.Select(v => v.Column));
        SwanIndexChanges changes = default;
        long firstSkipped = -1;
        using (PassTotals totals = PassTotals.Observe())
        {
            using (DataViewRowCursor cursor =
                Data.GetRowCursor([Embeddings.Column, Keys, .. Values.Select(v => v.Source).DistinctBy(c => c.Index)]))
            {
                float[] embedding = new float[Embeddings.Size];
                Action<Span<float>> read = Embeddings.Reader(cursor);
                Func<string> key = Columns.TextReader(cursor, Keys);
                (SwanColumn Column, Func<object?> Read)[] values = [.. Values.Select(v => (v.Column, v.Reader(cursor)))];
                while (cursor.MoveNext())
                {
                    cancellation.ThrowIfCancellationRequested();
                    read(embedding);
                    string itsKey = Key(cursor, key());
                    Dictionary<string, object?> itsValues = ValuesOf(cursor, values);
                    kept.AddTo(itsKey, itsValues);
                    SwanRowChange change = writer.Upsert(itsKey, embedding, itsValues);
                    if (change == SwanRowChange.Skipped && firstSkipped < 0) firstSkipped = cursor.Position;
                    changes = changes.With(change);
                }
            }
            totals.ThrowIfNothingEmbedded(Embeddings.Column.Name);
        }
        writer.Commit(cancellation);
        if (changes.Skipped > 0)
        {
            MlNetEnvironment.Warning(host, task,
                $"{changes.Skipped:N0} rows can't be found, because their '{Embeddings.Column.Name}' has missing values or is all zero; "
                + $"the first is row {firstSkipped}.");
        }
        MlNetEnvironment.Info(host, task,
            $"{changes.Added:N0} rows added, {changes.Replaced:N0} replaced, {changes.Unchanged:N0} unchanged; '{index.Folder}' has "
            + $"{index.Count:N0}");
        return changes;
    }

    private string Key(DataViewRowCursor cursor, string key) => SwanIndexBuilder.KeyFault(key) is { } fault
        ? throw new SwanRowException(cursor.Position, Keys.Name, $"The key of row {cursor.Position} (column '{Keys.Name}') {fault}")
        : key;

    private static Dictionary<string, object?> ValuesOf(DataViewRowCursor cursor, (SwanColumn Column, Func<object?> Read)[] columns)
    {
        var values = new Dictionary<string, object?>(columns.Length, StringComparer.Ordinal);
        foreach ((SwanColumn column, Func<object?> read) in columns)
        {
            try
            {
                values.Add(column.Name, read());
            }
            catch (ArgumentException e)
            {
                throw new SwanRowException(cursor.Position, column.Name, $"Row {cursor.Position}: {e.Sentence()}", e);
            }
        }
        return values;
    }
}
