tabData = [
 {"id":0,"date":"2025-02-03","market":"SSE Northbound","tradingDay":0,"content":[
   {"style":1,"table":{"classname":"tradingTable","schema":[["Total Turnover","Total Trade Count","DQB","ETF Turnover"]],"tr":[{"td":[["-"]]},{"td":[["-"]]},{"td":[["-"]]},{"td":[["-"]]}]}}]},
 {"id":1,"date":"2025-02-03","market":"SSE Southbound","tradingDay":0,"content":[
   {"style":1,"table":{"classname":"tradingTable","schema":[["Total Turnover","Buy Turnover","Sell Turnover","Total Trade Count","Buy Trade Count","Sell Trade Count","ETF Turnover"]],"tr":[{"td":[["0.00"]]},{"td":[["0.00"]]},{"td":[["0.00"]]},{"td":[["0"]]},{"td":[["0"]]},{"td":[["0"]]},{"td":[["0.00"]]}]}},
   {"style":2,"table":{"classname":"top10Table","schema":[["Rank","Stock Code","Stock Name","Buy Turnover","Sell Turnover","Total Turnover"]],"tr":[{"td":[["-","-","-","-","-","-"]]}]}}]},
 {"id":2,"date":"2025-02-03","market":"SZSE Northbound","tradingDay":0,"content":[]},
 {"id":3,"date":"2025-02-03","market":"SZSE Southbound","tradingDay":0,"content":[
   {"style":1,"table":{"classname":"tradingTable","schema":[["Total Turnover","Buy Turnover","Sell Turnover","Total Trade Count","Buy Trade Count","Sell Trade Count","ETF Turnover"]],"tr":[{"td":[["-"]]},{"td":[["-"]]},{"td":[["-"]]},{"td":[["-"]]},{"td":[["-"]]},{"td":[["-"]]},{"td":[["-"]]}]}},
   {"style":2,"table":{"classname":"top10Table","schema":[["Rank","Stock Code","Stock Name","Buy Turnover","Sell Turnover","Total Turnover"]],"tr":[]}}]}
]
