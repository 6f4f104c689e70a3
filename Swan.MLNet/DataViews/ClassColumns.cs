using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>
/// Columns of a classifier whose annotations name the classes, as ML.NET's evaluators and <c>MapKeyToValue</c> look for them.
/// </summary>
internal static class ClassColumns
{
    /// <summary>A key per class, 1 for the first; the key values are the names.</summary>
    public static DataViewSchema.DetachedColumn KeyColumn(string name, IReadOnlyList<string> classes)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddKeyValues(classes.Count, TextDataViewType.Instance, Names(classes));
        return new DataViewSchema.DetachedColumn(name, new KeyDataViewType(typeof(uint), classes.Count), annotations.ToAnnotations());
    }

    /// <summary>A score per class, in a vector whose slots are named.</summary>
    public static DataViewSchema.DetachedColumn ScoreColumn(string name, IReadOnlyList<string> classes)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddSlotNames(classes.Count, Names(classes));
        return new DataViewSchema.DetachedColumn(
            name, new VectorDataViewType(NumberDataViewType.Single, classes.Count), annotations.ToAnnotations());
    }

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Names(IReadOnlyList<string> classes)
    {
        ReadOnlyMemory<char>[] names = [.. classes.Select(c => c.AsMemory())];
        return (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref destination, names.Length);
            names.CopyTo(editor.Values);
            destination = editor.Commit();
        };
    }
}
