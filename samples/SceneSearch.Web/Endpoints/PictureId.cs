using System.Buffers.Text;
using System.Text;

namespace SceneSearch.Web.Endpoints;

/// <summary>Keys of an index as parts of addresses: URL-safe Base64 of their UTF-8.</summary>
internal static class PictureId
{
    private const int MostCharacters = 4096;
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Of(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <exception cref="RequestFault">It is no such id.</exception>
    public static string Read(string id)
    {
        try
        {
            if (id.Length <= MostCharacters) return s_strict.GetString(Base64Url.DecodeFromChars(id));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
        }
        throw RequestFault.Missing("There is no such id.");
    }
}
