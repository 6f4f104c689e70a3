using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Swan.Testing;

/// <summary>
/// What ML.NET puts behind a step gives the rows that the step gives: caches, takes, skips, filters, files, and nothing from nothing.
/// </summary>
public static class DerivedViewConformance
{
    public static void Check(MLContext ml, ITransformer transformer, IDataView data, TemporaryFolder folder)
    {
        IDataView view = transformer.Transform(data);
        List<Dictionary<int, string>> all = ViewRows.All(view);

        IDataView none = transformer.Transform(ml.Data.SkipRows(data, 1_000_000));
        Assert.Empty(ViewRows.All(none));
        Assert.Equal(EstimatorConformance.Describe(view.Schema), EstimatorConformance.Describe(none.Schema));

        ViewRows.Same(view, all[..3], ml.Data.TakeRows(view, 3));
        ViewRows.Same(view, all[2..], ml.Data.SkipRows(view, 2));
        ViewRows.Same(view, all[^1..], ml.Data.SkipRows(view, all.Count - 1));
        ViewRows.Same(view, all[1..3], ml.Data.TakeRows(ml.Data.SkipRows(view, 1), 2));
        if (view.Schema.GetColumnOrNull("Number") is { Type: NumberDataViewType } number)
        {
            ViewRows.Same(view,
                [.. all.Where(r => float.Parse(r[number.Index], System.Globalization.CultureInfo.InvariantCulture) is >= 2 and < 5)],
                ml.Data.FilterRowsByColumn(view, "Number", 2, 5));
        }

        // ML.NET neither caches nor saves images.
        IDataView plain = Without(ml, view, t => t is ImageDataViewType);
        IDataView cached = ml.Data.Cache(plain);
        Assert.Equal(EstimatorConformance.Describe(plain.Schema), EstimatorConformance.Describe(cached.Schema));
        ViewRows.Same(view, all, cached);
        ViewRows.Same(view, all, cached); // now from memory
        ViewRows.Same(view, all, ml.Data.Cache(plain, [.. plain.Schema.Where(c => !c.IsHidden).Select(c => c.Name)]));

        string binary = folder.File("view.idv");
        SaveBinary(ml, plain, binary);
        IDataView fromBinary = ml.Data.LoadFromBinary(binary);
        Assert.Equal(EstimatorConformance.Describe(plain.Schema.Where(c => !c.IsHidden)), EstimatorConformance.Describe(fromBinary.Schema));
        ViewRows.Same(view, all, fromBinary);

        string text = folder.File("view.tsv");
        // ML.NET can't read the text back that it writes for vectors of no fixed length.
        using (FileStream stream = File.Create(text))
            ml.Data.SaveAsText(Without(ml, plain, t => t is VectorDataViewType { Size: 0 }), stream);
        // The file says itself which columns it has, but not that some texts are in quotes.
        var source = new MultiFileSource(text);
        ViewRows.Same(view, all, ml.Data.CreateTextLoader(new TextLoader.Options(), source).Load(source),
            found => found.Replace("\"", "", StringComparison.Ordinal));
    }

    public static void SaveBinary(MLContext ml, IDataView view, string path)
    {
        using FileStream stream = File.Create(path);
        ml.Data.SaveAsBinary(view, stream, keepHidden: false);
    }

    private static IDataView Without(MLContext ml, IDataView view, Predicate<DataViewType> type)
    {
        string[] dropped = [.. view.Schema.Where(c => type(c.Type)).Select(c => c.Name)];
        return dropped.Length == 0 ? view : ml.Transforms.DropColumns(dropped).Fit(view).Transform(view);
    }
}
