using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.Training.Estimators;

/// <summary>
/// The columns that a <see cref="SwanTrainerEstimator"/> learns from: which fit, and how their rows become images with captions.
/// </summary>
internal sealed class TrainingColumns(SwanTrainerEstimatorOptions options)
{
    // The name of ML.NET's own parameter: its tools and tests look for it.
    private const string Parameter = "inputSchema";

    private bool SingleCaptions => options.Embedding.Input == SwanInput.Caption;

    /// <summary>Checks a shape, before there is any data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public void Check(SchemaShape shape)
    {
        foreach ((string name, bool vector) in Wanted())
        {
            SchemaShape.Column column = ColumnShapes.Find(shape, name)
                ?? throw Columns.NotFound(name, shape.Select(c => c.Name), Parameter);
            bool scalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
            if (column.ItemType is not TextDataViewType || column.IsKey || !(scalar || vector))
                throw Unfit(name, ColumnShapes.Describe(column), vector);
        }
    }

    /// <summary>Checks the data's own schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public void Check(DataViewSchema schema)
    {
        foreach ((string name, bool vector) in Wanted())
        {
            DataViewSchema.Column column = Columns.Find(schema, name, Parameter);
            if (column.Type is not (TextDataViewType or VectorDataViewType { ItemType: TextDataViewType })
                || (column.Type is VectorDataViewType && !vector))
                throw Unfit(name, column.Type.ToString()!, vector);
        }
    }

    /// <summary>Reads all rows once, in the data's order. Rows with one path are one image.</summary>
    /// <param name="data">A schema that fits.</param>
    /// <param name="name">What the set is called in errors and reports.</param>
    /// <param name="cancellationToken">Ends the reading at the next row.</param>
    /// <exception cref="SwanDataException">Rows have problems; all are named.</exception>
    public CaptionedImageSet Read(IDataView data, string name, CancellationToken cancellationToken)
    {
        Check(data.Schema);
        DataViewSchema.Column image = data.Schema[options.ImageColumnName], caption = data.Schema[options.CaptionColumnName];
        DataViewSchema.Column? scene = options.SceneColumnName is { } named ? data.Schema[named] : null;
        var images = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var faults = new List<DataFault>();
        FolderFence? fence = options.Embedding.Fence;
        using (DataViewRowCursor cursor = data.GetRowCursor(scene is { } third ? [image, caption, third] : [image, caption]))
        {
            Func<string> path = Columns.TextReader(cursor, image);
            Func<IEnumerable<string>> captions = CaptionReader(cursor, caption);
            Func<string>? sceneOf = scene is { } s ? Columns.TextReader(cursor, s) : null;
            while (cursor.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                string file = path();
                if (file.Length == 0)
                {
                    faults.Add(new(name, 0, $"row {cursor.Position}, column '{image.Name}': the image's path is empty."));
                    continue;
                }

                if (!images.TryGetValue(file, out Entry? entry))
                {
                    images[file] = entry = new Entry(cursor.Position, []);
                    if (fence?.WhyOutside(file) is { } why)
                    {
                        faults.Add(new(name, 0,
                            $"row {cursor.Position}, column '{image.Name}': the image's path '{file}' leads out of the image folder "
                            + $"'{options.Embedding.ImageFolder}' ({why}), so it was not looked at. Give a path within that folder, or set "
                            + $"{nameof(SwanEmbeddingOptions.RestrictToImageFolder)} to false."));
                    }
                }
                entry.Captions.AddRange(captions().Where(c => !string.IsNullOrWhiteSpace(c)));
                if (sceneOf?.Invoke() is not { Length: > 0 } told) continue;
                if (entry.Scene is { } before && before != told)
                {
                    faults.Add(new(name, 0,
                        $"row {cursor.Position}, column '{scene!.Value.Name}': the image '{file}' has the scene '{told}' here, "
                        + $"and '{before}' in an earlier row."));
                }
                entry.Scene ??= told;
            }
        }

        faults.AddRange(images.Where(i => i.Value.Captions.Count == 0)
            .Select(i => new DataFault(name, 0, $"row {i.Value.Row}, column '{caption.Name}': the image '{i.Key}' has no captions.")));
        if (faults.Count > 0) throw new SwanDataException(faults);
        string folder = options.Embedding.ImageFolder ?? "";
        return new CaptionedImageSet([.. images.Select(i => new CaptionedImage(
            Path.Combine(folder, i.Key), i.Key, i.Value.Scene ?? CaptionedImage.SceneOf(i.Key), i.Value.Captions))], name);
    }

    private static Func<IEnumerable<string>> CaptionReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            Func<string> one = Columns.TextReader(row, column);
            return () => [one()];
        }

        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> values = default;
        return () =>
        {
            getter(ref values);
            return [.. values.DenseValues().Select(v => v.ToString())];
        };
    }

    // Each column's name, and whether it may be a vector.
    private IEnumerable<(string Name, bool Vector)> Wanted()
    {
        yield return (options.ImageColumnName, false);
        yield return (options.CaptionColumnName, !SingleCaptions);
        if (options.SceneColumnName is { } scene) yield return (scene, false);
    }

    private ArgumentOutOfRangeException Unfit(string name, string found, bool vector)
    {
        string expected = vector ? "String or a vector of String"
            : name == options.CaptionColumnName ? "String, one caption per row, because the fitted transformer embeds captions"
            : "String";
        return new(Parameter,
            $"The column '{name}' is {found}; expected {expected}. Name the column in {nameof(SwanTrainerEstimatorOptions)}.");
    }

    private sealed record Entry(long Row, List<string> Captions)
    {
        public string? Scene { get; set; }
    }
}
