namespace Swan.MLNet.Portable;

/// <summary>
/// The columns that stock steps pass to each other, and by the same names the ONNX graphs' inputs and outputs. The last step drops them.
/// </summary>
internal static class PortableColumns
{
    public const string File = "swan.portable.file";
    public const string Checked = "swan.portable.checked";
    public const string Decoded = "swan.portable.decoded";
    public const string Sized = "swan.portable.sized";
    public const string Pixels = "swan.portable.pixels";
    public const string Embedding = "swan.portable.embedding";
    public const string Query = "swan.portable.query";
    public const string Keys = "swan.portable.keys";
    public const string Scores = "swan.portable.scores";
}
