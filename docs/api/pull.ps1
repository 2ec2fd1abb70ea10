# Everybody at the first run, what changed at each later one: writes one object for each person.
# PowerShell 7. BASE, CLIENT_ID and CLIENT_SECRET come from the environment; DELTA_FILE remembers where we are.
$ErrorActionPreference = 'Stop'
$deltaFile = if ($env:DELTA_FILE) { $env:DELTA_FILE } else { 'standings.delta' }

$pair = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$($env:CLIENT_ID):$($env:CLIENT_SECRET)"))
$answer = Invoke-RestMethod -Method Post -Uri "$env:BASE/oauth/token" -Headers @{ Authorization = "Basic $pair" } `
    -Body @{ grant_type = 'client_credentials' }
$headers = @{ Authorization = "Bearer $($answer.access_token)" }

function Get-Page([string] $Path, [hashtable] $Query) {
    $words = $Query.GetEnumerator() | ForEach-Object { "$($_.Key)=$([Uri]::EscapeDataString($_.Value))" }
    # From PowerShell 7.4 on a 429 is waited for as long as Retry-After says; before that, 5 seconds three times.
    Invoke-RestMethod -Uri "$env:BASE${Path}?$($words -join '&')" -Headers $headers -MaximumRetryCount 3 -RetryIntervalSec 5
}

function Write-People($Page) {
    $Page.items | ForEach-Object { [pscustomobject]@{ access = $_.access; id = $_.id; sis = $_.ids.sis } }
}

if (Test-Path $deltaFile) {
    do {
        # 410 Gone: remove the file and run again, which lists everybody.
        $page = Get-Page '/api/v1/standings/changes' @{ delta = (Get-Content -Raw $deltaFile).Trim(); limit = '1000' }
        Write-People $page
        Set-Content -NoNewline -Path $deltaFile -Value $page.delta
    } while ($page.more)
} else {
    $page = Get-Page '/api/v1/standings' @{ limit = '1000' }
    Write-People $page
    while ($page.next) {
        $page = Get-Page '/api/v1/standings' @{ limit = '1000'; cursor = $page.next }
        Write-People $page
    }
    Set-Content -NoNewline -Path $deltaFile -Value $page.delta
}
