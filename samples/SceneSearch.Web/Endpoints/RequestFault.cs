namespace SceneSearch.Web.Endpoints;

/// <summary>A request that can't be answered; the message says why, for people.</summary>
internal sealed class RequestFault(int status, string message) : Exception(message)
{
    public int Status => status;

    public static RequestFault Bad(string message) => new(StatusCodes.Status400BadRequest, message);

    public static RequestFault Missing(string message) => new(StatusCodes.Status404NotFound, message);
}
